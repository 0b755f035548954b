using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Dayu.Cli;

/// <summary>Pixels as a PNG file (W3C, Portable Network Graphics, third edition): 8 bits a channel, no transparency.</summary>
static class Png
{
    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    public static byte[] Of(Canvas canvas)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), canvas.Height);
        (header[8], header[9]) = (8, 2);                             // bits a channel; red, green, blue
        Chunk(file, "IHDR", header);
        Chunk(file, "IDAT", Compressed(canvas));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Rows, each as its difference to the one above (filter 2): most rows of a chart repeat.</summary>
    static byte[] Compressed(Canvas canvas)
    {
        using var result = new MemoryStream();
        using (var zip = new ZLibStream(result, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[canvas.Width * 3];
            for (var y = 0; y < canvas.Height; y++)
            {
                canvas.Row(y).CopyTo(row);
                if (y > 0) for (var i = 0; i < row.Length; i++) row[i] -= canvas.Row(y - 1)[i];
                zip.WriteByte(2);
                zip.Write(row);
            }
        }
        return result.ToArray();
    }

    static void Chunk(MemoryStream file, string kind, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        byte[] body = [.. Encoding.ASCII.GetBytes(kind), .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    /// <summary>CRC-32 of ISO 3309, bit by bit from a table.</summary>
    static uint Crc(byte[] bytes)
    {
        Span<uint> table = stackalloc uint[256];
        for (var n = 0; n < 256; n++)
        {
            var c = (uint)n;
            for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[n] = c;
        }
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = table[(int)((crc ^ b) & 0xFF)] ^ (crc >> 8);
        return ~crc;
    }
}
