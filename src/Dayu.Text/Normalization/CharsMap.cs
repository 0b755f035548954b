using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's <c>precompiled_charsmap</c> (nmt_nfkc and its like; Kudo and Richardson 2018, arXiv:1808.06226,
/// section 3.2): at each place the longest string that has a replacement is replaced, and the search continues after
/// it. The strings lie in a double-array trie as the Darts-clone library writes it, little-endian: its length in bytes,
/// units of 32 bits, then the replacements, each ended by a zero byte.
/// <para>A unit holds its label (bits 0 to 7, and bit 31 for a value), whether a string ends here (bit 8), and an
/// offset that says where its children are: at its own place xor the offset xor the next byte.</para>
/// <para>Hugging Face's reader of the same map works on grapheme clusters, and loses what follows the first match
/// within one ("Ａ" and U+0301 become "A"). This one does as SentencePiece does ("Á").</para>
/// </summary>
sealed class CharsMap : Normalizer
{
    const uint ValueBit = 1u << 31, LabelMask = ValueBit | 0xFF;

    /// <summary>
    /// More bytes than any Unicode mapping replaces at once. The limit bounds the work at each place of a text.
    /// </summary>
    const int MaxKeyLength = 256;

    readonly uint[] units;
    readonly byte[] replacements;
    readonly SearchValues<char> plain;

    /// <param name="blob">The value of <c>precompiled_charsmap</c>.</param>
    /// <exception cref="TokenizerException">It is cut off or damaged.</exception>
    public CharsMap(ReadOnlySpan<byte> blob)
    {
        int size = blob.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(blob);
        if (size < 4 || size % 4 != 0 || size > blob.Length - 4)
            throw Damaged($"{blob.Length} bytes, of which the first four say that a trie of {size} bytes follows");
        units = new uint[size / 4];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(4 + 4 * i)..]);
        replacements = [.. blob[(4 + size)..], 0];
        Check();
        plain = SearchValues.Create([.. Enumerable.Range(0, 128).Where(IsPlain).Select(c => (char)c)]);
    }

    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExcept(plain) < 0) return text;
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        var normal = new ArrayBufferWriter<byte>(utf8.Length + 16);
        for (ReadOnlySpan<byte> rest = utf8; !rest.IsEmpty;)
        {
            int length = Longest(rest, out int replacement);
            if (length > 0) normal.Write(ReplacementAt(replacement));
            else
            {
                Rune.DecodeFromUtf8(rest, out _, out length);
                normal.Write(rest[..length]);
            }
            rest = rest[length..];
            CheckGrowth(text.Length, normal.WrittenCount);
        }
        return Encoding.UTF8.GetString(normal.WrittenSpan);
    }

    ReadOnlySpan<byte> ReplacementAt(int place)
    {
        var rest = replacements.AsSpan(place);
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>
    /// The length of the longest string that has a replacement, and where that stands; 0 if there is none.
    /// </summary>
    int Longest(ReadOnlySpan<byte> text, out int replacement)
    {
        int length = 0, node = 0;
        replacement = 0;
        for (int at = 0; at < text.Length && at < MaxKeyLength && Child(node, text[at]) is var child and > 0; at++)
        {
            node = child;
            if (EndsAt(node)) (length, replacement) = (at + 1, (int)(units[Children(node)] & ~ValueBit));
        }
        return length;
    }

    /// <summary>The node one byte further; -1 if there is none.</summary>
    int Child(int node, byte next)
    {
        int child = Children(node) ^ next;
        return (units[child] & LabelMask) == next && next != 0 ? child : -1;
    }

    /// <summary>
    /// The base of a node's children: xor the next byte it is the child's place; by itself it is the place of the
    /// value.
    /// </summary>
    int Children(int node) => node ^ (int)(units[node] >> 10 << (int)((units[node] & 1u << 9) >> 6));

    bool EndsAt(int node) => (units[node] & 1 << 8) != 0;

    /// <summary>Whether an ASCII character is never changed in a text of ASCII characters.</summary>
    bool IsPlain(int c)
    {
        int node = Child(0, (byte)c);
        return node < 0 || !EndsAt(node) && !Enumerable.Range(1, 127).Any(next => Child(node, (byte)next) > 0);
    }

    /// <summary>
    /// Checks that no unit leads out of the trie, and no value out of the replacements, so that look-ups need no
    /// checks.
    /// </summary>
    void Check()
    {
        for (int i = 0; i < units.Length; i++)
        {
            if (i > 0 && (units[i] & ValueBit) != 0) continue;       // a value; never met as a node, but for the root
            int children = Children(i);
            if ((uint)(children | 0xFF) >= (uint)units.Length)
                throw Damaged($"unit {i} of {units.Length} leads to unit {(uint)children}");
            uint value = units[children] & ~ValueBit;
            if (EndsAt(i) && value >= (uint)replacements.Length)
                throw Damaged($"unit {i} has its replacement at byte {value} of {replacements.Length - 1}");
        }
    }

    static TokenizerException Damaged(string what) =>
        new($"precompiled_charsmap: {what}. It is cut off or damaged; take the tokenizer's file again from where it came.");
}
