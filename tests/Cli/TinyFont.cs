using System.Buffers.Binary;
using System.Text;

namespace Dayu.Tests;

/// <summary>
/// A TrueType font of one glyph: 'A' is a square of half the size, its lower left corner on the base line. So tests of
/// text do not depend on the machine.
/// </summary>
static class TinyFont
{
    public const int UnitsPerEm = 1000, Side = 500, Advance = 600;

    public static byte[] File { get; } = Make(new()
    {
        ["cmap"] = Words(0, 1, 3, 1, 0, 12, 4, 32, 0, 4, 4, 1, 0, 'A', 0xFFFF, 0, 'A', 0xFFFF, 65536 + 1 - 'A', 1, 0, 0),
        ["glyf"] = [.. Words(1, 0, 0, Side, Side, 3, 0), 1, 1, 1, 1, .. Words(0, 0, Side, 0, 0, Side, 0, 65536 - Side)],
        ["head"] = Words(1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 0, UnitsPerEm, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Side, Side, 0, 8, 2, 0, 0),
        ["hhea"] = Words(1, 0, 800, 65536 - 200, 0, Advance, 0, 0, Side, 1, 0, 0, 0, 0, 0, 0, 0, 2),
        ["hmtx"] = Words(Advance, 0, Advance, 0),
        ["loca"] = Words(0, 0, 17),
        ["maxp"] = Words(1, 0, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    });

    static byte[] Words(params int[] words)
    {
        var bytes = new byte[words.Length * 2];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), (ushort)words[i]);
        return bytes;
    }

    static byte[] Make(SortedDictionary<string, byte[]> tables)
    {
        List<byte> file = [.. Words(1, 0, tables.Count, 0, 0, 0)];
        var at = 12 + 16 * tables.Count;
        foreach (var (name, table) in tables)
        {
            file.AddRange([.. Encoding.ASCII.GetBytes(name), .. Words(0, 0, at >> 16, at & 0xFFFF, 0, table.Length)]);
            at += table.Length;
        }
        return [.. file, .. tables.Values.SelectMany(t => t)];
    }
}
