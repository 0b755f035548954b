namespace Dayu.Templates;

/// <summary>Python's ways of cutting a string.</summary>
static class TextSplitting
{
    /// <summary>By a separator (slot 0), or by runs of white space without one; at most slot 1 cuts.</summary>
    public static Value Split(Slots a, string text, bool fromRight)
    {
        int max = a.Int(1, -1) is var m and >= 0 ? m : int.MaxValue;
        var parts = a.Given(0) is null ? Words(text, max, fromRight) : Pieces(a.Run, text, a.String(0), max, fromRight);
        a.Run.Charge(text.Length);
        return a.Run.List(fromRight ? parts.Reverse() : parts);
    }

    static IEnumerable<Value> Pieces(Run run, string text, string separator, int max, bool fromRight)
    {
        if (separator.Length == 0)
            throw new TemplateException("split(): empty separator");
        run.Search(text, separator);
        int start = 0, end = text.Length;
        for (; max > 0; max--)
        {
            int i = fromRight ? text.AsSpan(0, end).LastIndexOf(separator) : text.IndexOf(separator, start, StringComparison.Ordinal);
            if (i < 0)
                break;
            yield return fromRight ? text[(i + separator.Length)..end] : text[start..i];
            (start, end) = fromRight ? (start, i) : (i + separator.Length, end);
        }
        yield return text[start..end];
    }

    static IEnumerable<Value> Words(string text, int max, bool fromRight)
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
            yield return fromRight ? text[cut..end] : text[start..cut];
            (start, end) = fromRight ? (start, cut) : (cut, end);
        }
    }

    public static Value Lines(Run run, string text, bool keepEnds)
    {
        run.Charge(text.Length);
        return run.List(Lines(text, keepEnds).Select(line => (Value)line));
    }

    /// <summary>The lines of a text; an end of line after the last one begins no further line.</summary>
    public static IEnumerable<string> Lines(string text, bool keepEnds)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029'))
                continue;
            int end = i;
            i += text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            yield return text[start..(keepEnds ? i + 1 : end)];
            start = i + 1;
        }
        if (start < text.Length)
            yield return text[start..];
    }

    public static Value Partition(Slots a, string text, bool fromRight)
    {
        string separator = a.String(0);
        if (separator.Length == 0)
            throw new TemplateException("partition(): empty separator");
        a.Run.Search(text, separator);
        a.Run.Charge(text.Length);
        int i = fromRight ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        IReadOnlyList<Value> parts = i < 0 ? (fromRight ? ["", "", text] : [text, "", ""]) : [text[..i], separator, text[(i + separator.Length)..]];
        return new SequenceValue(parts, SequenceKind.Tuple);
    }
}
