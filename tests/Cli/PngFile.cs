using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Dayu.Tests;

/// <summary>Reads a PNG file of the kind that the program writes, by the specification and not by the program's own code: signature, chunks with their checksums, filter 2.</summary>
sealed class PngFile
{
    readonly byte[] pixels;

    public PngFile(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var (names, data) = (new List<string>(), new MemoryStream());
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var body = file.AsSpan(at + 4, 4 + length);
            Assert.Equal(Crc(body), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            names.Add(Encoding.ASCII.GetString(body[..4]));
            if (names[^1] == "IHDR") (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(body[4..]), BinaryPrimitives.ReadInt32BigEndian(body[8..]));
            if (names[^1] == "IDAT") data.Write(body[4..]);
            at += 12 + length;
        }
        Assert.Equal(["IHDR", "IDAT", "IEND"], names);
        pixels = Pixels(data.ToArray());
    }

    public int Width { get; }

    public int Height { get; }

    public (byte R, byte G, byte B) this[int x, int y] => (pixels[(y * Width + x) * 3], pixels[(y * Width + x) * 3 + 1], pixels[(y * Width + x) * 3 + 2]);

    /// <summary>Number of colours.</summary>
    public int Colors => pixels.Chunk(3).Select(p => p[0] << 16 | p[1] << 8 | p[2]).Distinct().Count();

    /// <summary>How many pixels have a colour.</summary>
    public int Count(byte r, byte g, byte b) => pixels.Chunk(3).Count(p => p[0] == r && p[1] == g && p[2] == b);

    byte[] Pixels(byte[] compressed)
    {
        using var zip = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var all = new byte[Width * Height * 3];
        for (var y = 0; y < Height; y++)
        {
            Assert.Equal(2, zip.ReadByte());
            var row = all.AsSpan(y * Width * 3, Width * 3);
            zip.ReadExactly(row);
            if (y > 0) for (var i = 0; i < row.Length; i++) row[i] += all[(y - 1) * Width * 3 + i];
        }
        Assert.Equal(-1, zip.ReadByte());
        return all;
    }

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
