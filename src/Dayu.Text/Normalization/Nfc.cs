using System.Buffers;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Unicode's normalization form C (UAX #15): "e" and U+0301 become "é". The framework's own needs the system's ICU, and does nothing without it.
/// Decompose fully, order marks by combining class, compose again. Text without a character that could change, nearly all text, is found out by one vectorised search.
/// </summary>
static class Nfc
{
    // Hangul is arithmetic: The Unicode Standard, 3.12.
    const int HangulBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28, HangulCount = LCount * VCount * TCount;

    static readonly NfcTables tables = NfcTables.Load();

    /// <summary>UTF-16 units that the normal form may lack: marks, seconds of a composition, what only decomposes, and the first halves of such characters beyond U+FFFF.</summary>
    static readonly SearchValues<char> suspects = SearchValues.Create([.. Suspects().Distinct()]);

    /// <summary>The text in normalization form C; the same span if it is in it already. A lone surrogate becomes U+FFFD.</summary>
    public static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny(suspects) < 0) return text;
        var characters = new List<(Rune Rune, byte Class)>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune, characters);
        Order(characters);
        Compose(characters);
        var composed = new StringBuilder(text.Length);
        foreach (var (rune, _) in characters) composed.Append(rune);
        return composed.ToString();
    }

    static IEnumerable<char> Suspects()
    {
        for (int jamo = VBase; jamo < TBase + TCount; jamo++) yield return (char)jamo;
        foreach (var rune in tables.Classes.Keys.Concat(tables.Composites.Keys.Select(pair => pair.Second)).Concat(tables.DecomposedOnly)) yield return FirstUnit(rune);
    }

    static char FirstUnit(Rune rune)
    {
        Span<char> units = stackalloc char[2];
        rune.EncodeToUtf16(units);
        return units[0];
    }

    static void Decompose(Rune rune, List<(Rune, byte)> to)
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

    /// <summary>Joins a character to the last starter (class 0) before it, unless one of the same or a higher class stands between.</summary>
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
        int l = first.Value - LBase, v = second.Value - VBase, syllable = first.Value - HangulBase, t = second.Value - TBase;
        if (l is >= 0 and < LCount && v is >= 0 and < VCount) return new(HangulBase + (l * VCount + v) * TCount);
        if (syllable is >= 0 and < HangulCount && syllable % TCount == 0 && t is > 0 and < TCount) return new(first.Value + t);
        return tables.Composites.TryGetValue((first, second), out var composite) ? composite : null;
    }
}
