namespace Dayu.Templates;

/// <summary>Python's ways of cutting a string.</summary>
static class TextSplitting
{
    /// <summary>By a separator (slot 0), or by runs of white space without one; at most slot 1 cuts.</summary>
    public static Value Split(Slots a, AuthoredText text, bool fromRight)
    {
        int max = a.Int(1, -1) is var m and >= 0 ? m : int.MaxValue;
        var parts = a.Given(0) is null ? Words(text.Text, max, fromRight) : Pieces(a.Run, text.Text, a.Sought(0), max, fromRight);
        a.Run.Charge(text.Size);
        return a.Run.List((fromRight ? parts.Reverse() : parts).Select(part => (Value)text[part]));
    }

    static IEnumerable<Range> Pieces(Run run, string text, string separator, int max, bool fromRight)
    {
        if (separator.Length == 0)
            throw new TemplateException("split(): empty separator");
        run.Search(text, separator);
        int start = 0, end = text.Length;
        for (; max > 0; max--)
        {
            int i = fromRight
                ? text.AsSpan(0, end).LastIndexOf(separator)
                : text.IndexOf(separator, start, StringComparison.Ordinal);
            if (i < 0)
                break;
            yield return fromRight ? (i + separator.Length)..end : start..i;
            (start, end) = fromRight ? (start, i) : (i + separator.Length, end);
        }
        yield return start..end;
    }

    static IEnumerable<Range> Words(string text, int max, bool fromRight)
    {
        int start = 0, end = text.Length;
        while (true)
        {
            while (start < end && !fromRight && Runes.IsSpace(text[start]))
                start++;
            while (end > start && fromRight && Runes.IsSpace(text[end - 1]))
                end--;
            if (start == end)
                yield break;
            int cut = fromRight ? end : start;
            if (max-- <= 0)
                cut = fromRight ? start : end;
            else if (fromRight)
                while (cut > start && !Runes.IsSpace(text[cut - 1]))
                    cut--;
            else
                while (cut < end && !Runes.IsSpace(text[cut]))
                    cut++;
            yield return fromRight ? cut..end : start..cut;
            (start, end) = fromRight ? (start, cut) : (cut, end);
        }
    }

    /// <summary>The lines of a text; an end of line after the last one begins no further line.</summary>
    public static Value Lines(Run run, AuthoredText text, bool keepEnds)
    {
        run.Charge(text.Size);
        return run.List(Lines().Select(line => (Value)text[line]));

        IEnumerable<Range> Lines()
        {
            int start = 0;
            foreach (var (end, next) in LineEnds(text.Text))
            {
                yield return start..(keepEnds ? next : end);
                start = next;
            }
            if (start < text.Length)
                yield return start..text.Length;
        }
    }

    /// <summary>Where each line that has an end ends, and where the next begins.</summary>
    public static IEnumerable<(int End, int Next)> LineEnds(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!IsLineEnd(text[i]))
                continue;
            int end = i;
            i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            yield return (end, i + 1);
        }
    }

    static bool IsLineEnd(char c) =>
        c is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';

    /// <summary>Before a separator, the separator as it stands in the text, and after it.</summary>
    public static Value Partition(Slots a, AuthoredText text, bool fromRight)
    {
        string separator = a.Sought(0);
        if (separator.Length == 0)
            throw new TemplateException("partition(): empty separator");
        a.Run.Search(text.Text, separator);
        a.Run.Charge(text.Size);
        int i = fromRight
            ? text.Text.LastIndexOf(separator, StringComparison.Ordinal)
            : text.Text.IndexOf(separator, StringComparison.Ordinal);
        var (start, end) = i >= 0 ? (i, i + separator.Length) : fromRight ? (0, 0) : (text.Length, text.Length);
        return new SequenceValue([text[..start], text[start..end], text[end..]], SequenceKind.Tuple);
    }
}
