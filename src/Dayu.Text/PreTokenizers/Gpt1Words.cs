namespace Dayu.Text;

/// <summary>
/// GPT-1's words, in lower case: what stands between spaces, cut as spaCy's English rules do: punctuation at either end, contractions (do n't, it 's), the full stop of a sentence.
/// Of spaCy's long lists of exceptions only titles and the like keep their full stop here.
/// </summary>
sealed class Gpt1Words : PreTokenizer
{
    static readonly HashSet<string> abbreviations = new(StringComparer.Ordinal)
    {
        "mr.", "mrs.", "ms.", "dr.", "st.", "jr.", "sr.", "prof.", "gen.", "rep.", "sen.", "gov.", "lt.", "col.", "capt.", "sgt.", "rev.", "mt.", "ft.", "messrs.",
        "co.", "corp.", "inc.", "ltd.", "bros.", "vs.", "etc.", "e.g.", "i.e.", "a.m.", "p.m.", "u.s.", "ph.d.", "no.",
        "jan.", "feb.", "mar.", "apr.", "jun.", "jul.", "aug.", "sep.", "sept.", "oct.", "nov.", "dec.",
    };

    const int LongestContraction = 3;

    static readonly string[] contractions = ["n't", "'s", "'m", "'d", "'re", "'ve", "'ll"];

    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take)
    {
        foreach (var range in text.Split(' '))
        {
            string word = text[range].ToString().ToLowerInvariant();
            if (word.Length > 0) Cut(word, piece => take(piece, false));
        }
    }

    static void Cut(string word, Action<string> take)
    {
        int start = 0, end = word.Length;
        while (start < end && Opens(word, start)) take($"{word[start++]}");

        // From the end: what is cut off there comes after the rest, the last first.
        var after = new Stack<string>();
        while (start < end && Last(word.AsSpan(start, end - start)) is > 0 and var length)
        {
            after.Push(word.Substring(end - length, length));
            end -= length;
        }
        if (end > start) take(word[start..end]);
        foreach (string piece in after) take(piece);
    }

    static bool Opens(string word, int at) => word[at] is '#' or '$' or '£' or '€' or '%' or '&' or '<' or '>' or '=' or ':' or '`' || word[at] == '\'' && !(word.Length - at <= LongestContraction && contractions.Contains(word[at..]));

    /// <summary>How many characters go from the end of a word; 0 for none.</summary>
    static int Last(ReadOnlySpan<char> word)
    {
        foreach (string contraction in contractions) if (word.Length > contraction.Length && word.EndsWith(contraction, StringComparison.Ordinal)) return contraction.Length;
        if (word.EndsWith("..", StringComparison.Ordinal)) return word.Length - word.TrimEnd('.').Length is var dots && dots < word.Length ? dots : 0;
        if (word[^1] == '.') return word.Length > 2 && !abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) ? 1 : 0;
        return word.Length > 1 && word[^1] is '\'' or '%' or ':' or '>' or '=' or '`' or '&' or '$' ? 1 : 0;
    }
}
