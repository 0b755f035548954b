using System.Text;

namespace Dayu.Text;

/// <summary>
/// Ids to text, one at a time. What <see cref="Push"/> returns can be shown at once: a character divided between ids is
/// held back until it is complete. All that it returns, with <see cref="Flush"/> at the end, is exactly what
/// <see cref="Tokenizer.Decode"/> returns.
/// </summary>
/// <param name="tokenizer">The tokenizer of the ids.</param>
/// <param name="skipSpecial">Leaves control tokens out.</param>
/// <param name="after">
/// The id before the first one that is pushed (a prompt's last); null at the beginning of a text. It decides whether a
/// first space belongs to the text or was added according to <see cref="Tokenizer.PrefixSpace"/>.
/// </param>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipSpecial = false, int? after = null)
{
    readonly Decoder utf8 = Encoding.UTF8.GetDecoder();
    bool dropSpace = after is { } id ? AddsSpaceAfter(tokenizer, id) : tokenizer.PrefixSpace != PrependScheme.Never;
    bool heldSpace;

    /// <summary>The text that this id completes; empty where it is only a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tokenizer has no such id.</exception>
    public string Push(int id)
    {
        var bytes = tokenizer.BytesOf(id);
        bool skipped = skipSpecial && tokenizer.Special.IsControl(id);
        if (AddsSpaceAfter(tokenizer, id)) dropSpace = true;
        else if (dropSpace && !skipped)
        {
            dropSpace = false;
            if (bytes.StartsWith((byte)' ')) bytes = bytes[1..];
        }
        if (skipped) return "";
        return tokenizer.EndsWithSpace ? HoldSpace(bytes) : Decode(bytes, flush: false);
    }

    /// <summary>Whether encoding adds a space after this id, where a new span of ordinary text begins.</summary>
    static bool AddsSpaceAfter(Tokenizer tokenizer, int id) =>
        tokenizer.PrefixSpace == PrependScheme.Always && tokenizer.Special.EndsSpan(id);

    /// <summary>Ends the text: U+FFFD if a character was left incomplete, otherwise nothing.</summary>
    public string Flush() => Decode([], flush: true);

    /// <summary>Holds a last space back until something comes after it.</summary>
    string HoldSpace(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        string before = heldSpace ? " " : "";
        heldSpace = bytes.EndsWith((byte)' ');
        return before + Decode(heldSpace ? bytes[..^1] : bytes, flush: false);
    }

    string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        int most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        Span<char> chars = most <= 256 ? stackalloc char[most] : new char[most];
        return new(chars[..utf8.GetChars(bytes, chars, flush)]);
    }
}
