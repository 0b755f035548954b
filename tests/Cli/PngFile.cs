using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Dayu.Tests;

/// <summary>
/// Reads a PNG file by the specification, and not by the library that wrote it: signature, chunks with their checksums,
/// filters; 8 bits a channel, with transparency or without.
/// </summary>
sealed class PngFile
{
    readonly byte[] pixels;
    readonly int channels;

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
            if (names[^1] == "IHDR")
            {
                (Width, Height) = (BinaryPrimitives.ReadInt32BigEndian(body[4..]), BinaryPrimitives.ReadInt32BigEndian(body[8..]));
                Assert.Equal((8, 0), (body[12], body[16]));          // bits a channel; not interlaced
                channels = body[13] switch { 2 => 3, 6 => 4, _ => throw new InvalidDataException($"colour type {body[13]}") };
            }
            if (names[^1] == "IDAT") data.Write(body[4..]);
            at += 12 + length;
        }
        Assert.Equal(("IHDR", "IEND"), (names[0], names[^1]));
        pixels = Pixels(data.ToArray());
    }

    public int Width { get; }

    public int Height { get; }

    public (byte R, byte G, byte B) this[int x, int y]
    {
        get
        {
            var at = (y * Width + x) * channels;
            return (pixels[at], pixels[at + 1], pixels[at + 2]);
        }
    }

    /// <summary>Number of colours.</summary>
    public int Colors => pixels.Chunk(channels).Select(p => p[0] << 16 | p[1] << 8 | p[2]).Distinct().Count();

    /// <summary>How many pixels have a colour.</summary>
    public int Count(byte r, byte g, byte b) => pixels.Chunk(channels).Count(p => p[0] == r && p[1] == g && p[2] == b);

    byte[] Pixels(byte[] compressed)
    {
        using var zip = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var stride = Width * channels;
        var (all, above) = (new byte[stride * Height], new byte[stride]);
        for (var y = 0; y < Height; y++)
        {
            var filter = zip.ReadByte();
            var row = all.AsSpan(y * stride, stride);
            zip.ReadExactly(row);
            for (var i = 0; i < stride; i++)
            {
                int left = i < channels ? 0 : row[i - channels], up = above[i], corner = i < channels ? 0 : above[i - channels];
                row[i] += (byte)Predicted(filter, left, up, corner);
            }
            row.CopyTo(above);
        }
        Assert.Equal(-1, zip.ReadByte());
        return all;
    }

    static int Predicted(int filter, int left, int up, int corner) => filter switch
    {
        0 => 0,
        1 => left,
        2 => up,
        3 => (left + up) / 2,
        4 => Paeth(left, up, corner),
        _ => throw new InvalidDataException($"filter {filter}"),
    };

    /// <summary>Whichever neighbour is nearest to left + up − corner.</summary>
    static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
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
