using System.Text;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>What a piece of a text is.</summary>
public enum TextSpanKind
{
    /// <summary>A part of the text.</summary>
    Text,

    /// <summary>A control token that stands around the text, such as [CLS].</summary>
    Control,

    /// <summary>A part of the text that the tokenizer knows no token for.</summary>
    Unknown,
}

/// <summary>Tokens that are read together, since a character's UTF-8 may be cut between them; most often one.</summary>
/// <param name="Text">What they say.</param>
/// <param name="First">The first token.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Kind">Whether they are of the text itself.</param>
public sealed record TextSpan(string Text, int First, int Count, TextSpanKind Kind = TextSpanKind.Text)
{
    /// <summary>Whether a word may begin here, by the blank before it.</summary>
    public bool Begins => Text.Length > 0 && char.IsWhiteSpace(Text[0]);

    /// <summary>For people: without blanks around it; a blank alone is ␣.</summary>
    public string Shown => Text.Trim() is { Length: > 0 } shown ? shown : Text.Length > 0 && Text.All(c => c == ' ') ? "␣" : Text;
}

/// <summary>A text as the tokens of a model say it.</summary>
public sealed class TextSpans
{
    readonly TextSpan[] pieces;

    /// <summary>Of these tokens.</summary>
    /// <param name="tokenizer">Knows what they stand for.</param>
    /// <param name="ids">The tokens.</param>
    public TextSpans(Tokenizer tokenizer, IReadOnlyList<int> ids)
    {
        var found = new List<TextSpan>();
        for (int start = 0, end; start < ids.Count; start = end)
        {
            var bytes = new List<byte>(tokenizer.BytesOf(ids[start]).ToArray());
            for (end = start + 1; end < ids.Count && Unfinished(bytes); end++) bytes.AddRange(tokenizer.BytesOf(ids[end]));
            var text = end == start + 1 ? tokenizer.TokenText(ids[start]) : Encoding.UTF8.GetString([.. bytes]);
            found.Add(new(text, start, end - start, KindOf(tokenizer, ids[start])));
        }
        pieces = [.. found];
    }

    static TextSpanKind KindOf(Tokenizer tokenizer, int id) => id == tokenizer.Special.Unk ? TextSpanKind.Unknown
        : tokenizer.Special.IsControl(id) ? TextSpanKind.Control : TextSpanKind.Text;

    /// <summary>From the first to the last.</summary>
    public IReadOnlyList<TextSpan> All => pieces;

    /// <summary>How words are compared, and whether blanks count.</summary>
    static readonly (StringComparison Comparison, bool Blanks)[] exactFirst =
        [(StringComparison.Ordinal, true), (StringComparison.OrdinalIgnoreCase, true), (StringComparison.OrdinalIgnoreCase, false)];

    /// <summary>Where a word stands: stretches of pieces that say it and nothing else, whole words before parts of
    /// words, exact before other capitals, with its blanks before without them
    /// (some tokenizers put blanks around a hyphen); empty: nowhere.</summary>
    /// <param name="word">One or several.</param>
    /// <returns>The first piece and how many there are, in the order of the text.</returns>
    public List<(int First, int Count)> Find(string word)
    {
        foreach (var (comparison, blanks) in exactFirst)
        {
            var all = Stretches(Counted(word.Trim(), blanks), comparison, blanks);
            var whole = all.Where(s => IsWhole(s.First, s.Count)).ToList();
            if (all.Count > 0) return whole.Count > 0 ? whole : all;
        }
        return [];
    }

    List<(int First, int Count)> Stretches(string word, StringComparison comparison, bool blanks)
    {
        var found = new List<(int, int)>();
        for (var first = 0; first < pieces.Length && word.Length > 0; first++)
        {
            var said = Counted(pieces[first].Text, blanks).TrimStart();
            for (var end = first + 1; said.Length > 0; said += Counted(pieces[end++].Text, blanks))
            {
                if (said.TrimEnd().Equals(word, comparison)) { found.Add((first, end - first)); break; }
                if (end == pieces.Length || !word.StartsWith(said, comparison)) break;
            }
        }
        return found;
    }

    static string Counted(string text, bool blanks) => blanks ? text : string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    bool IsWhole(int first, int count) => BeginsWord(first) && EndsWord(first + count);

    bool BeginsWord(int first) => first == 0 || pieces[first].Begins || !EndsInLetter(pieces[first - 1].Text);

    bool EndsWord(int end) => end == pieces.Length || !BeginsWithLetter(pieces[end].Text);

    static bool EndsInLetter(string text) => text.Length > 0 && char.IsLetterOrDigit(text[^1]);

    static bool BeginsWithLetter(string text) => text.Length > 0 && char.IsLetterOrDigit(text[0]);

    /// <summary>Whether it ends inside a character.</summary>
    static bool Unfinished(List<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Count); back++)
        {
            var b = bytes[^back];
            if (b >= 0xC0) return back < (b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2);
            if (b < 0x80) return false;
        }
        return false;
    }
}
