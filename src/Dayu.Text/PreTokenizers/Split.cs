namespace Dayu.Text;

/// <summary>What becomes of a match. The names are tokenizer.json's.</summary>
enum SplitBehavior
{
    /// <summary>Left out.</summary>
    Removed,
    /// <summary>A pre-token of its own.</summary>
    Isolated,
    /// <summary>The end of the pre-token before it; a match right after another is a pre-token of its own.</summary>
    MergedWithPrevious,
    /// <summary>The beginning of the pre-token after it.</summary>
    MergedWithNext,
    /// <summary>One pre-token with the matches beside it.</summary>
    Contiguous,
}

/// <summary>Splits at the matches of a pattern.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="behavior">What becomes of a match.</param>
/// <param name="invert">Whether what lies between matches counts as the matches.</param>
sealed class Split(Pattern pattern, SplitBehavior behavior, bool invert = false) : PreTokenizer
{
    readonly record struct Part(int Start, int End, bool IsMatch);

    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        var parts = Parts(text);
        for (int i = 0, start = 0; i < parts.Count; i++)
        {
            if (i + 1 < parts.Count && Joins(parts[i].IsMatch, parts[i + 1].IsMatch)) continue;
            int end = parts[i].End;
            bool removed = behavior == SplitBehavior.Removed && parts[i].IsMatch;
            if (end > start && !removed) handle(text[start..end], first && start == 0);
            start = end;
        }
    }

    /// <summary>The text as matches and what lies between them. An empty match, which only splits, is kept.</summary>
    List<Part> Parts(ReadOnlySpan<char> text)
    {
        var parts = new List<Part>();
        int at = 0;
        foreach (var (start, end) in pattern.Find(text))
        {
            if (start > at) parts.Add(new(at, start, invert));
            parts.Add(new(start, end, !invert));
            at = end;
        }
        if (at < text.Length) parts.Add(new(at, text.Length, invert));
        return parts;
    }

    bool Joins(bool left, bool right) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => !left && right,
        SplitBehavior.MergedWithNext => left && !right,
        SplitBehavior.Contiguous => left == right,
        _ => false,
    };
}
