using System.Buffers;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Unicode's normalization forms (UAX #15): D decomposes "é" into "e" and U+0301, C composes it; KD and KC also replace
/// compatibility characters ("ﬁ", "²", "Ａ"). (The framework's own need the system's ICU, and do nothing without it.)
/// The steps: decompose fully, order marks by combining class, compose again. Text without a character that could
/// change, as nearly all text is, is told by one vectorised search.
/// </summary>
sealed class NormalForm : Normalizer
{
    // Hangul is composed by arithmetic: The Unicode Standard, 3.12.
    const int HangulBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7;
    const int LCount = 19, VCount = 21, TCount = 28, HangulCount = LCount * VCount * TCount;

    static readonly NormalFormTables tables = NormalFormTables.Load();

    readonly bool composes, compatible;

    /// <summary>
    /// UTF-16 units that the form may change: marks, second characters of a composition, characters that decompose, and
    /// the high surrogates of such characters beyond U+FFFF.
    /// </summary>
    readonly SearchValues<char> suspects;

    NormalForm(bool composes, bool compatible)
    {
        (this.composes, this.compatible) = (composes, compatible);
        suspects = SearchValues.Create([.. Suspects().Distinct()]);
    }

    /// <summary>Canonical composition.</summary>
    public static NormalForm C { get; } = new(composes: true, compatible: false);

    /// <summary>Canonical decomposition.</summary>
    public static NormalForm D { get; } = new(composes: false, compatible: false);

    /// <summary>Compatibility composition.</summary>
    public static NormalForm KC { get; } = new(composes: true, compatible: true);

    /// <summary>Compatibility decomposition.</summary>
    public static NormalForm KD { get; } = new(composes: false, compatible: true);

    /// <summary>The text in this form; the same span if it is in it already. A lone surrogate becomes U+FFFD.</summary>
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        int suspect = text.IndexOfAny(suspects);
        if (suspect < 0) return text;
        var normal = new StringBuilder(text.Length);
        int at = 0;
        for (int start, end; suspect >= 0; suspect = text[at..].IndexOfAny(suspects) is >= 0 and var next ? at + next : -1)
        {
            (start, end) = (suspect, suspect + 1);
            if (start > at) start -= start - 1 > at && char.IsLowSurrogate(text[start - 1]) ? 2 : 1;
            while (end < text.Length && (suspects.Contains(text[end]) || char.IsLowSurrogate(text[end]))) end++;
            normal.Append(text[at..start]);
            AppendNormal(text[start..end], normal);
            at = end;
        }
        return normal.Append(text[at..]).ToString();
    }

    /// <summary>
    /// Normalizes a run of suspects and the one character before them. No other character combines with what comes
    /// before it (UAX #15, 9.1), so that each run can be normalized alone.
    /// </summary>
    void AppendNormal(ReadOnlySpan<char> text, StringBuilder to)
    {
        var characters = new List<(Rune Rune, byte Class)>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune, characters);
        Order(characters);
        if (composes) Compose(characters);
        foreach (var (rune, _) in characters) to.Append(rune);
    }

    IEnumerable<char> Suspects()
    {
        IEnumerable<Rune> runes = tables.Classes.Keys;
        if (composes) runes = runes.Concat(tables.Composites.Keys.Select(pair => pair.Second)).Concat(tables.DecomposedOnly);
        else runes = runes.Concat(tables.Decompositions.Keys);
        if (compatible) runes = runes.Concat(tables.Compatibility.Keys);
        var hangul = composes ? Enumerable.Range(VBase, TBase + TCount - VBase) : Enumerable.Range(HangulBase, HangulCount);
        return runes.Select(FirstUnit).Concat(hangul.Select(c => (char)c));
    }

    static char FirstUnit(Rune rune)
    {
        Span<char> units = stackalloc char[2];
        rune.EncodeToUtf16(units);
        return units[0];
    }

    void Decompose(Rune rune, List<(Rune, byte)> to)
    {
        int hangul = rune.Value - HangulBase;
        if (hangul is >= 0 and < HangulCount)
        {
            to.Add((new(LBase + hangul / (VCount * TCount)), 0));
            to.Add((new(VBase + hangul / TCount % VCount), 0));
            if (hangul % TCount != 0) to.Add((new(TBase + hangul % TCount), 0));
        }
        else if (tables.Decompositions.TryGetValue(rune, out var parts))
        {
            Decompose(parts.First, to);
            if (parts.Second is { } second) Decompose(second, to);
        }
        else if (compatible && tables.Compatibility.TryGetValue(rune, out var compatibles))
            foreach (var part in compatibles) Decompose(part, to);
        else to.Add((rune, tables.Classes.GetValueOrDefault(rune)));
    }

    /// <summary>Sorts each run of marks (class above 0) by class; equal classes keep their order.</summary>
    static void Order(List<(Rune Rune, byte Class)> characters)
    {
        for (int start = 0; start < characters.Count; start++)
        {
            if (characters[start].Class == 0) continue;
            int end = start;
            while (end < characters.Count && characters[end].Class != 0) end++;
            var sorted = characters[start..end].OrderBy(c => c.Class).ToArray();      // stable, and never quadratic
            for (int i = 0; i < sorted.Length; i++) characters[start + i] = sorted[i];
            start = end;
        }
    }

    /// <summary>
    /// Joins a character to the last starter (class 0) before it, unless one of the same or a higher class stands
    /// between.
    /// </summary>
    static void Compose(List<(Rune Rune, byte Class)> characters)
    {
        int starter = -1, kept = 0;
        byte last = 0;
        for (int i = 0; i < characters.Count; i++)
        {
            var next = characters[i];
            bool blocked = starter < 0 || kept - starter > 1 && last >= next.Class;
            if (!blocked && Composite(characters[starter].Rune, next.Rune) is { } composite)
            {
                characters[starter] = (composite, 0);
                continue;
            }
            if (next.Class == 0) starter = kept;
            last = next.Class;
            characters[kept++] = next;
        }
        characters.RemoveRange(kept, characters.Count - kept);
    }

    static Rune? Composite(Rune first, Rune second)
    {
        int l = first.Value - LBase, v = second.Value - VBase;
        int syllable = first.Value - HangulBase, t = second.Value - TBase;
        if (l is >= 0 and < LCount && v is >= 0 and < VCount) return new(HangulBase + (l * VCount + v) * TCount);
        if (syllable is >= 0 and < HangulCount && syllable % TCount == 0 && t is > 0 and < TCount) return new(first.Value + t);
        return tables.Composites.TryGetValue((first, second), out var composite) ? composite : null;
    }
}
