namespace Dayu.Models;

/// <summary>
/// Infinity and NaN, which Python writes into JSON. They are replaced by as many bytes that JSON knows, so that
/// everything keeps its place: Infinity by a number that is too large, NaN by a text.
/// </summary>
static class NonFinite
{
    static ReadOnlySpan<byte> Infinity => "Infinity"u8;

    static ReadOnlySpan<byte> TooLarge => "1e999999"u8;

    static ReadOnlySpan<byte> NaN => "NaN"u8;

    /// <summary>Whether NaN stood at this place.</summary>
    public static bool IsNaN(ReadOnlySpan<byte> said, long at) => said[(int)at..].StartsWith(NaN);

    /// <summary>The text without them; the text itself where it has none.</summary>
    public static byte[] Replaced(byte[] said)
    {
        if (said.AsSpan().IndexOf(Infinity) < 0 && said.AsSpan().IndexOf(NaN) < 0) return said;
        var json = said.ToArray();
        for (var i = 0; i < json.Length; i++)
        {
            var rest = json.AsSpan(i);
            i += rest[0] switch
            {
                (byte)'"' => Quoted(rest),
                (byte)'/' => Comment(rest),
                (byte)'I' => Replace(rest, Infinity, TooLarge),
                (byte)'N' => Replace(rest, NaN, "\"-\""u8),
                _ => 0,
            };
        }
        return json;
    }

    static int Replace(Span<byte> text, ReadOnlySpan<byte> word, ReadOnlySpan<byte> by)
    {
        if (!text.StartsWith(word)) return 0;
        by.CopyTo(text);
        return by.Length - 1;
    }

    /// <summary>How far it is to the quote that ends a text, or to the end.</summary>
    static int Quoted(ReadOnlySpan<byte> text)
    {
        var i = 1;
        while (i < text.Length && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
        return i;
    }

    /// <summary>How far it is to the last byte of a comment, or to the end.</summary>
    static int Comment(ReadOnlySpan<byte> text)
    {
        var end = text.StartsWith("//"u8) ? text.IndexOf((byte)'\n') : text.StartsWith("/*"u8) ? text.IndexOf("*/"u8) + 1 : 0;
        return end < 0 ? text.Length : end;
    }
}
