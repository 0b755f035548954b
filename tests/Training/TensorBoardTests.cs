using System.Buffers.Binary;
using System.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Files for TensorBoard, read back by a parser that shares nothing with the writer.</summary>
public sealed class TensorBoardTests : IDisposable
{
    readonly TempFolder folder = new();

    [Fact]
    public void EveryValueComesBack()
    {
        var summary = new RunSummary(MadeRun.Write(folder.Path, "run", 20));
        using var file = new MemoryStream();
        var count = TensorBoardExport.Write(summary, file);
        Assert.Equal("events.out.tfevents.1767323045.dayu", TensorBoardExport.FileName(summary));
        byte[][] records = [.. Records(file.ToArray())];
        Assert.Equal(count + 1, records.Length);
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(Field(records[0], 3)!));
        var events = records.Skip(1).Select(r => (Step: (long)Number(r, 2)!, Value: Field(Field(r, 5)!, 1)!,
            Time: BinaryPrimitives.ReadDoubleLittleEndian(Field(r, 1)))).ToArray();
        var losses = events.Where(e => Tag(e.Value) == "loss/train").ToArray();
        Assert.Equal(Enumerable.Range(1, 20).Select(s => ((long)s, (float)MadeRun.Loss(s))), losses.Select(e => (e.Step, Scalar(e.Value))));
        Assert.Equal(1767323045 + 10.0, losses[^1].Time, 1e-6);
        Assert.Equal([(10L, 3f), (20, 3)], events.Where(e => Tag(e.Value) == "loss/validation/故事").Select(e => (e.Step, Scalar(e.Value))));
        var sample = events.Single(e => Tag(e.Value) == "samples/1").Value;
        Assert.Equal("text", Encoding.UTF8.GetString(Field(Field(Field(sample, 9)!, 1)!, 1)!));
        Assert.Equal("    大禹治水\n    and more", Encoding.UTF8.GetString(Field(Field(sample, 8)!, 8)!));
        Assert.Equal(7, Number(Field(sample, 8)!, 1));
    }

    static string Tag(byte[] value) => Encoding.UTF8.GetString(Field(value, 1)!);

    static float Scalar(byte[] value) => BinaryPrimitives.ReadSingleLittleEndian(Field(value, 2));

    /// <summary>Records whose checksums hold.</summary>
    static IEnumerable<byte[]> Records(byte[] file)
    {
        Assert.Equal(0xE3069283, Crc(Encoding.ASCII.GetBytes("123456789")));   // the check value of CRC-32C
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BitConverter.ToUInt64(file, at);
            Assert.Equal(Masked(file[at..(at + 8)]), BitConverter.ToUInt32(file, at + 8));
            var data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BitConverter.ToUInt32(file, at + 12 + length));
            at += 16 + length;
            yield return data;
        }
    }

    static uint Masked(byte[] data) => ((Crc(data) >> 15) | (Crc(data) << 17)) + 0xa282ead8;

    /// <summary>Bit by bit, as its polynomial says.</summary>
    static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    static byte[]? Field(byte[] message, int wanted) => Fields(message).FirstOrDefault(f => f.Number == wanted).Bytes;

    static long? Number(byte[] message, int wanted) => Fields(message).First(f => f.Number == wanted).Varint;

    static IEnumerable<(int Number, byte[] Bytes, long Varint)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint();
            var (size, varint) = (key & 7) switch
            {
                0 => (0, Varint()), 1 => (8, 0L), 2 => ((int)Varint(), 0), 5 => (4, 0),
                var other => throw new InvalidDataException($"{other}"),
            };
            yield return ((int)(key >> 3), message[at..(at + size)], varint);
            at += size;

            long Varint()
            {
                var value = 0L;
                for (var shift = 0; ; shift += 7)
                {
                    value |= (long)(message[at] & 0x7F) << shift;
                    if (message[at++] < 0x80) return value;
                }
            }
        }
    }

    public void Dispose() => folder.Dispose();
}
