namespace Dayu.Text;

/// <summary>
/// OpenAI's o200k splitter (GPT-4o, Llama 4) and Mistral's Tekken, which differs in contractions and digits: words are cut where a small letter is followed by a capital one, marks belong to words.
/// <code>[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+('s|…)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*('s|…)?
/// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</code>
/// </summary>
/// <param name="digits">o200k: 3. Tekken: 1.</param> <param name="contractions">Whether 's, 't, 're, 've, 'm, 'll, 'd stay with their word. o200k: yes.</param>
sealed class O200kSplitter(int digits, bool contractions) : Splitter
{
    const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    public static string Pattern(int digits, bool contractions)
    {
        string after = contractions ? "(?i:'s|'t|'re|'ve|'m|'ll|'d)?" : "";
        return $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{after}|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{after}|" + (digits == 1 ? @"\p{N}" : $@"\p{{N}}{{1,{digits}}}")
            + @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    }

    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        var kind = utf8.ClassAt(start, out int next);
        if (kind == CharacterClass.Number) return utf8.EndOfDigits(next, digits - 1);

        if (Word(utf8, start, kind, next) is var word && word > start) return contractions ? word + Llama3Splitter.Contraction(utf8[word..]) : word;

        if (kind == CharacterClass.Space && utf8[start] == ' ' && next < utf8.Length && utf8.ClassAt(next, out int afterSecond) == CharacterClass.Other) (kind, next) = (CharacterClass.Other, afterSecond);
        if (kind == CharacterClass.Other)
        {
            int body = utf8.EndOfRun(next, kind);
            while (body < utf8.Length && (utf8[body].IsLineEnd() || utf8[body] == '/')) body++;
            return body;
        }
        return utf8.EndOfLinesAndSpaces(start);
    }

    /// <summary>One character that is no letter may stand before a word; a mark may also be its beginning, and is where the word would else be capitals only.</summary>
    static int Word(ReadOnlySpan<byte> utf8, int start, CharacterClass kind, int next)
    {
        if (kind == CharacterClass.Letter) return EndOfWord(utf8, start, out _);
        int end = utf8[start].IsLineEnd() ? next : EndOfWord(utf8, next, out bool capitals) is var word && capitals && IsMark(utf8, start) ? next : word;
        return end > next ? end : IsMark(utf8, start) ? EndOfWord(utf8, start, out _) : start;
    }

    static bool IsMark(ReadOnlySpan<byte> utf8, int at) => PartAt(utf8, at, out _) != WordPart.None;

    /// <summary>Capitals, then small letters, at least one of which there must be, unless there are capitals only; letters without case, and marks, are both. Returns <paramref name="at"/> where no word begins.</summary>
    static int EndOfWord(ReadOnlySpan<byte> utf8, int at, out bool capitalsOnly)
    {
        int lastBoth = -1, end = at;
        while (end < utf8.Length && PartAt(utf8, end, out int next) is var part && (part & WordPart.Capital) != 0)
        {
            if ((part & WordPart.Small) != 0) lastBoth = next;
            end = next;
        }
        int afterCapitals = end;
        while (end < utf8.Length && (PartAt(utf8, end, out int next) & WordPart.Small) != 0) end = next;
        capitalsOnly = end == afterCapitals && lastBoth < 0;
        // Capitals at the end, not followed by a small letter, are given back: the word ends with the last letter that is both.
        return end == afterCapitals && lastBoth >= 0 ? lastBoth : end;
    }

    static WordPart PartAt(ReadOnlySpan<byte> utf8, int at, out int next) => CharacterTable.PartOf(CharacterTable.Decode(utf8, at, out next));
}
