using System.Text;

namespace Dayu.Text;

/// <summary>
/// GPT-2's way to write any byte as a visible character, so that tokens can be stored as text: a byte that prints in
/// Latin-1 is that character, the other 68 are U+0100, U+0101, … in order. A space becomes Ġ, a line feed Ċ. (Radford
/// et al. 2019, <c>bytes_to_unicode</c>.)
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

    /// <summary>A text's UTF-8 with a character for each byte.</summary>
    public static string Encode(ReadOnlySpan<char> text)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        return Encode(utf8.AsSpan());
    }

    /// <summary>Bytes with a character for each.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (written, bytes) =>
    {
        for (int i = 0; i < bytes.Length; i++) written[i] = characters[bytes[i]];
    });

    /// <summary>
    /// The bytes that a token's text stands for. Text with any other character (an added token such as
    /// <c>&lt;｜end▁of▁sentence｜&gt;</c>) stands for its own UTF-8.
    /// </summary>
    public static byte[] Decode(string token)
    {
        var utf8 = Encoding.UTF8.GetBytes(token);
        return Decode(utf8, new byte[utf8.Length]).ToArray();
    }

    /// <summary>The same for a token's text in UTF-8.</summary>
    /// <param name="token">The text.</param>
    /// <param name="buffer">Has room for as many bytes.</param>
    /// <returns>A slice of the buffer, or the token itself.</returns>
    public static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> token, Span<byte> buffer)
    {
        int length = 0;
        for (int i = 0; i < token.Length; i++)
        {
            int character = token[i];
            bool isTwoBytes = character is >= 0xC2 and <= 0xC5 && i + 1 < token.Length;       // U+0080 to U+017F in UTF-8
            if (isTwoBytes) character = (character & 0x1F) << 6 | token[++i] & 0x3F;
            else if (character >= 0x80) return token;
            if (character >= bytes.Length || bytes[character] < 0) return token;
            buffer[length++] = (byte)bytes[character];
        }
        return buffer[..length];
    }
}
