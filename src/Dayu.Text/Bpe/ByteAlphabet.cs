using System.Text;

namespace Dayu.Text;

/// <summary>
/// GPT-2's way to write any byte as a visible character, so that tokens can be stored as text: bytes that print in Latin-1 stand for themselves,
/// the other 68 for U+0100, U+0101, … in order. A space becomes Ġ, a line feed Ċ. (Radford et al. 2019, <c>bytes_to_unicode</c>.)
/// </summary>
static class ByteAlphabet
{
    /// <summary>The character of each byte.</summary>
    static readonly char[] characters = Characters();

    /// <summary>The byte of each character below U+0144; -1 where there is none.</summary>
    static readonly short[] bytes = Invert();

    static bool PrintsAsItself(int b) => b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);

    static char[] Characters()
    {
        var table = new char[256];
        for (int b = 0, others = 256; b < 256; b++) table[b] = (char)(PrintsAsItself(b) ? b : others++);
        return table;
    }

    static short[] Invert()
    {
        var table = new short[256 + 68];
        Array.Fill(table, (short)-1);
        for (int b = 0; b < 256; b++) table[characters[b]] = (short)b;
        return table;
    }

    /// <summary>The text's UTF-8, a character for each byte.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        return Write(utf8);
    }

    /// <summary>A character for each byte.</summary>
    public static string Write(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (written, bytes) =>
    {
        for (int i = 0; i < bytes.Length; i++) written[i] = characters[bytes[i]];
    });

    /// <summary>The bytes that a token's text stands for. Text with any other character (an added token: <c>&lt;｜end▁of▁sentence｜&gt;</c>) stands for its own UTF-8.</summary>
    public static byte[] Decode(string token)
    {
        var decoded = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (token[i] >= bytes.Length || bytes[token[i]] < 0) return Encoding.UTF8.GetBytes(token);
            decoded[i] = (byte)bytes[token[i]];
        }
        return decoded;
    }
}
