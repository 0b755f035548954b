namespace Dayu.Text;

/// <summary>
/// OpenAI's o200k splitter (GPT-4o, Llama 4) and that of Mistral's Tekken, which differs in contractions and digits:
/// words are split where a capital letter follows a small one, and marks belong to words.
/// <code>
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+('s|…)?
/// |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*('s|…)?
/// |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// </code>
/// </summary>
/// <param name="digits">The most digits that stay together. o200k: 3. Tekken: 1.</param>
/// <param name="contractions">Whether 's, 't, 're, 've, 'm, 'll, 'd stay with their word. o200k: yes.</param>
sealed class O200kSplitter(int digits, bool contractions) : Splitter
{
    const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    public static string Pattern(int digits, bool contractions)
    {
        const string before = @"[^\r\n\p{L}\p{N}]?";
        string after = contractions ? "(?i:'s|'t|'re|'ve|'m|'ll|'d)?" : "";
        return $"{before}{Upper}*{Lower}+{after}|{before}{Upper}+{Lower}*{after}|{Llama3Splitter.DigitPattern(digits)}"
            + @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    }

    public override int Next(ReadOnlySpan<byte> utf8, int start)
    {
        var kind = utf8.ClassAt(start, out int next);
        if (kind == CharacterClass.Number) return utf8.EndOfDigits(next, digits - 1);

        int word = Word(utf8, start, kind, next);
        if (word > start) return contractions ? word + Llama3Splitter.Contraction(utf8[word..]) : word;

        // A space goes with the other characters after it.
        bool spaceAndMore = kind == CharacterClass.Space && utf8[start] == ' ' && next < utf8.Length;
        if (spaceAndMore && utf8.ClassAt(next, out int afterSecond) == CharacterClass.Other)
            (kind, next) = (CharacterClass.Other, afterSecond);
        if (kind == CharacterClass.Other)
        {
            int body = utf8.EndOfRun(next, kind);
            while (body < utf8.Length && (utf8[body].IsLineEnd() || utf8[body] == '/')) body++;
            return body;
        }
        return utf8.EndOfLinesAndSpaces(start);
    }

    /// <summary>
    /// The end of the word that begins here; <paramref name="start"/> if none does. One character that is no letter may
    /// stand before a word. A mark there may also begin the word itself, and does so where only capitals follow it: the
    /// pattern tries words with a small letter first, and a mark counts as one.
    /// </summary>
    static int Word(ReadOnlySpan<byte> utf8, int start, CharacterClass kind, int next)
    {
        if (kind == CharacterClass.Letter) return EndOfWord(utf8, start, out _);
        if (!utf8[start].IsLineEnd())
        {
            int end = EndOfWord(utf8, next, out bool capitalsOnly);
            if (end > next && !(capitalsOnly && IsMark(utf8, start))) return end;
        }
        return IsMark(utf8, start) ? EndOfWord(utf8, start, out _) : start;
    }

    static bool IsMark(ReadOnlySpan<byte> utf8, int at) => PartAt(utf8, at, out _) != WordPart.None;

    /// <summary>
    /// The end of a word, capitals and then small letters; <paramref name="at"/> where no word begins. There is at
    /// least one small letter, or else there are capitals only. Letters without case, and marks, are both.
    /// </summary>
    static int EndOfWord(ReadOnlySpan<byte> utf8, int at, out bool capitalsOnly)
    {
        int lastBoth = -1, end = at;
        while (end < utf8.Length)
        {
            var part = PartAt(utf8, end, out int next);
            if ((part & WordPart.Capital) == 0) break;
            if ((part & WordPart.Small) != 0) lastBoth = next;
            end = next;
        }
        int afterCapitals = end;
        while (end < utf8.Length && (PartAt(utf8, end, out int next) & WordPart.Small) != 0) end = next;
        capitalsOnly = end == afterCapitals && lastBoth < 0;
        // Without a small letter after the capitals, the word ends with its last letter that is both.
        return end == afterCapitals && lastBoth >= 0 ? lastBoth : end;
    }

    static WordPart PartAt(ReadOnlySpan<byte> utf8, int at, out int next) =>
        CharacterTable.PartOf(CharacterTable.Decode(utf8, at, out next));
}
