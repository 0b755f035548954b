using System.Text;

namespace Dayu.Text;

/// <summary>
/// Ids to text, one at a time: what <see cref="Push"/> returns can be shown at once, since a character cut between ids is held back until it is whole.
/// All that was pushed, with <see cref="Flush"/> at the end, is exactly <see cref="Tokenizer.Decode"/>.
/// </summary>
/// <param name="tokenizer">Whose ids.</param>
/// <param name="skipSpecial">Leaves control tokens out.</param>
/// <param name="after">The id before the first one that is pushed (a prompt's last); null at the beginning of a text.
/// It decides whether a first space belongs to the text or was put there by <see cref="Tokenizer.PrefixSpace"/>.</param>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipSpecial = false, int? after = null)
{
    readonly Decoder utf8 = Encoding.UTF8.GetDecoder();
    bool dropSpace = after is { } id ? tokenizer.PrefixSpace == PrependScheme.Always && EndsStretch(tokenizer, id) : tokenizer.PrefixSpace != PrependScheme.Never;
    bool heldSpace;

    /// <summary>The text that became whole with this id; often empty for a part of a character.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tokenizer has no such id.</exception>
    public string Push(int id)
    {
        var bytes = tokenizer.BytesOf(id);
        bool skipped = skipSpecial && tokenizer.Special.IsControl(id);
        if (tokenizer.PrefixSpace == PrependScheme.Always && EndsStretch(tokenizer, id)) dropSpace = true;
        else if (dropSpace && !skipped)
        {
            dropSpace = false;
            if (bytes.StartsWith((byte)' ')) bytes = bytes[1..];
        }
        if (skipped) return "";
        return tokenizer.EndsWithSpace ? HoldSpace(bytes) : Decode(bytes, flush: false);
    }

    /// <summary>Whether ordinary text begins anew after this id. The unknown token is a part of such text.</summary>
    static bool EndsStretch(Tokenizer tokenizer, int id) => tokenizer.Special.IsAdded(id) && id != tokenizer.Special.Unk;

    /// <summary>Ends the text: U+FFFD if a character was never finished, otherwise nothing.</summary>
    public string Flush() => Decode([], flush: true);

    /// <summary>A last space is given out when something comes after it.</summary>
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
