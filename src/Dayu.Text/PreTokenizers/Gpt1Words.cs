namespace Dayu.Text;

/// <summary>
/// GPT-1's words, in lower case. What stands between spaces is split as by spaCy's English rules: punctuation at either
/// end, contractions (do n't, it 's), the full stop of a sentence. Of spaCy's long lists of exceptions only those of
/// titles and the like are here, which keep their full stop.
/// </summary>
sealed class Gpt1Words : PreTokenizer
{
    static readonly HashSet<string> abbreviations = new(StringComparer.Ordinal)
    {
        "mr.", "mrs.", "ms.", "dr.", "st.", "jr.", "sr.", "prof.", "gen.", "rep.", "sen.", "gov.",
        "lt.", "col.", "capt.", "sgt.", "rev.", "mt.", "ft.", "messrs.",
        "co.", "corp.", "inc.", "ltd.", "bros.", "vs.", "etc.", "e.g.", "i.e.", "a.m.", "p.m.", "u.s.", "ph.d.", "no.",
        "jan.", "feb.", "mar.", "apr.", "jun.", "jul.", "aug.", "sep.", "sept.", "oct.", "nov.", "dec.",
    };

    const int LongestContraction = 3;

    static readonly string[] contractions = ["n't", "'s", "'m", "'d", "'re", "'ve", "'ll"];

    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        foreach (var range in text.Split(' '))
        {
            string word = text[range].ToString().ToLowerInvariant();
            if (word.Length > 0) Split(word, part => handle(part, false));
        }
    }

    static void Split(string word, Action<string> handle)
    {
        int start = 0, end = word.Length;
        while (start < end && IsPrefix(word, start)) handle($"{word[start++]}");

        var suffixes = new Stack<string>();       // the last one first
        while (start < end && SuffixLength(word.AsSpan(start, end - start)) is > 0 and var length)
        {
            suffixes.Push(word.Substring(end - length, length));
            end -= length;
        }
        if (end > start) handle(word[start..end]);
        foreach (string suffix in suffixes) handle(suffix);
    }

    /// <summary>
    /// Whether a character at the beginning of a word stands by itself; an apostrophe does unless it begins a
    /// contraction.
    /// </summary>
    static bool IsPrefix(string word, int at)
    {
        if (word[at] is '#' or '$' or '£' or '€' or '%' or '&' or '<' or '>' or '=' or ':' or '`') return true;
        return word[at] == '\'' && !(word.Length - at <= LongestContraction && contractions.Contains(word[at..]));
    }

    /// <summary>How many characters at the end of a word stand by themselves; 0 for none.</summary>
    static int SuffixLength(ReadOnlySpan<char> word)
    {
        foreach (string end in contractions)
            if (word.Length > end.Length && word.EndsWith(end, StringComparison.Ordinal)) return end.Length;
        if (word.EndsWith("..", StringComparison.Ordinal))
        {
            int dots = word.Length - word.TrimEnd('.').Length;
            return dots < word.Length ? dots : 0;
        }
        if (word[^1] == '.') return word.Length > 2 && !IsAbbreviation(word) ? 1 : 0;
        return word.Length > 1 && word[^1] is '\'' or '%' or ':' or '>' or '=' or '`' or '&' or '$' ? 1 : 0;
    }

    static bool IsAbbreviation(ReadOnlySpan<char> word) => abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
