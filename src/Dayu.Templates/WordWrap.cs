namespace Dayu.Templates;

/// <summary>
/// <c>wordwrap</c>: lines of at most a width, broken where Python's textwrap breaks them: at white space, behind
/// hyphens between letters, around dashes, and within words that are longer than a line.
/// </summary>
sealed class WordWrap(Run run, int width, bool breakLongWords, bool breakOnHyphens)
{
    /// <summary>Wraps each line of a text by itself.</summary>
    public AuthoredText Wrap(AuthoredText text, AuthoredText lineEnd)
    {
        if (width <= 0)
            throw new TemplateException($"wordwrap: the width is {width}; it must be positive");
        var to = new TextBuilder(run);
        bool first = true;
        foreach (var line in ((SequenceValue)TextSplitting.Lines(run, text, keepEnds: false)).List)
        {
            to.Repeat(lineEnd, first ? 0 : 1);
            first = false;
            var authored = ((TextValue)line).Authored;
            bool begun = false;
            foreach (var (from, until) in Lines(authored.Text))
            {
                to.Repeat(lineEnd, begun ? 1 : 0).Append(authored, from, until - from);
                begun = true;
            }
        }
        return to.ToText();
    }

    /// <summary>The lines that a line becomes, each a stretch of it; white space at their ends is left out.</summary>
    IEnumerable<(int From, int Until)> Lines(string line)
    {
        run.Charge(2L * line.Length);
        int[] runes = [.. Starts(line)];                               // where each code point begins, and the end
        var chunks = Chunks(line, runes);
        bool any = false;
        for (int next = 0, from, until; next < chunks.Count;)
        {
            run.Step();
            if (any && IsSpace(line[runes[chunks[next].From]]))
                next++;
            if (next == chunks.Count)
                yield break;
            (from, until) = (chunks[next].From, chunks[next].From);
            int piece = from;                                               // where the last piece of the line begins
            for (; next < chunks.Count && chunks[next].Until - from <= width; next++)
                (piece, until) = chunks[next];
            if (next < chunks.Count && chunks[next].Until - chunks[next].From > width && (breakLongWords || until == from))
            {
                (piece, int end) = chunks[next];
                until = breakLongWords ? Cut(chunks[next], from + width) : end;
                chunks[next] = (until, end);
                next += until == end ? 1 : 0;
            }
            if (until > piece && IsSpace(line[runes[piece]]))
                until = piece;
            if (until == from)
                continue;
            any = true;
            yield return (runes[from], runes[until]);
        }

        int Cut((int From, int Until) chunk, int end)
        {
            if (!breakOnHyphens || end <= chunk.From)
                return end;
            int hyphen = end - 1;
            while (hyphen > chunk.From && line[runes[hyphen]] != '-')
                hyphen--;
            bool found = hyphen > chunk.From && line.AsSpan()[runes[chunk.From]..runes[hyphen]].ContainsAnyExcept('-');
            return found ? hyphen + 1 : end;
        }
    }

    static IEnumerable<int> Starts(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (i == 0 || !char.IsSurrogatePair(text[i - 1], text[i]))
                yield return i;
        yield return text.Length;
    }

    /// <summary>The stretches that are never broken while they fit into a line.</summary>
    List<(int From, int Until)> Chunks(string text, int[] runes)
    {
        var chunks = new List<(int, int)>();
        int start = 0;
        for (int i = 1; i < runes.Length; i++)
        {
            if (i < runes.Length - 1 && !Breaks(text, runes[i], runes[start]))
                continue;
            chunks.Add((start, i));
            start = i;
        }
        run.Step(chunks.Count);
        return chunks;
    }

    bool Breaks(string text, int at, int start)
    {
        bool space = IsSpace(text[at]);
        if (space != IsSpace(text[at - 1]))
            return true;
        return !space && breakOnHyphens && (BehindHyphen(text, at, start) || BesideDash(text, at, start));
    }

    static bool BehindHyphen(string text, int at, int start) =>
        text[at - 1] == '-' && at - 1 > start && IsLetter(text, at - 2)
        && (IsLetter(text, at - 3) || At(text, at - 3) == '-' && IsLetter(text, at - 4))
        && IsLetter(text, at) && (IsLetter(text, at + 1) || At(text, at + 1) == '-' && IsLetter(text, at + 2));

    /// <summary>Before or behind two or more hyphens between words.</summary>
    static bool BesideDash(string text, int at, int start)
    {
        if (text[at] == '-')
            return text[at - 1] != '-' && IsDash(text, at);
        if (text[at - 1] != '-')
            return false;
        int begin = at - 1;
        while (begin > start && text[begin] == '-' && text[begin - 1] == '-')
            begin--;
        return begin == start && begin > 0 && IsDash(text, begin);
    }

    static bool IsDash(string text, int at)
    {
        int end = at;
        while (At(text, end) == '-')
            end++;
        bool behindWord = IsWord(text, at - 1) || "!\"'&.,?".Contains(At(text, at - 1), StringComparison.Ordinal);
        return end - at >= 2 && behindWord && IsWord(text, end);
    }

    static char At(string text, int i) => i >= 0 && i < text.Length ? text[i] : '\0';

    static bool IsWord(string text, int i) => char.IsLetterOrDigit(At(text, i)) || At(text, i) == '_';

    static bool IsLetter(string text, int i) => IsWord(text, i) && !char.IsDigit(text[i]);

    static bool IsSpace(char c) => c is '\t' or '\n' or '\v' or '\f' or '\r' or ' ';
}
