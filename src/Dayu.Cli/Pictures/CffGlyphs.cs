namespace Dayu.Cli;

/// <summary>Outlines of cubic curves: the Compact Font Format (Adobe Technical Note 5176), also with glyphs in groups, as Chinese fonts have them.</summary>
sealed class CffGlyphs : IGlyphs
{
    const int CharStrings = 17, Private = 18, Subroutines = 19, Groups = 1236, GroupOf = 1237;      // operators of dictionaries; 12 n is written 1200 + n

    readonly FontBytes cff;
    readonly FontBytes[] glyphs, common;
    readonly FontBytes[][] own;                                      // subroutines of each group
    readonly int groups;                                             // where it says which glyph belongs to which; 0: there is one

    public CffGlyphs(FontBytes cff)
    {
        this.cff = cff;
        var at = (int)cff.U8(2);
        _ = Index(ref at);                                           // names
        var top = Dictionary(Index(ref at)[0]);
        _ = Index(ref at);                                           // strings
        common = Index(ref at);
        glyphs = IndexAt(Required(top, CharStrings)[0]);
        if (top.TryGetValue(Groups, out var places)) own = [.. IndexAt(places[0]).Select(d => Local(Dictionary(d)))];
        else own = [Local(top)];
        groups = top.TryGetValue(GroupOf, out var place) && own.Length > 1 ? place[0] : 0;
    }

    public void Draw(int glyph, Outline outline)
    {
        if (glyph < 0 || glyph >= glyphs.Length) return;
        new CharString(outline, common, own[Math.Min(Group(glyph), own.Length - 1)]).Run(glyphs[glyph]);
    }

    static int[] Required(Dictionary<int, int[]> dictionary, int key) => dictionary.TryGetValue(key, out var value) && value.Length > 0 ? value : throw new InvalidDataException($"a CFF font without the entry {key}");

    FontBytes[] Local(Dictionary<int, int[]> dictionary)
    {
        if (!dictionary.TryGetValue(Private, out var place) || place.Length < 2) return [];
        return Dictionary(cff.Part(place[1], place[0])).TryGetValue(Subroutines, out var offset) ? IndexAt(place[1] + offset[0]) : [];
    }

    int Group(int glyph)
    {
        if (groups == 0) return 0;
        if (cff.U8(groups) == 0) return cff.U8(groups + 1 + glyph);
        int low = 0, high = cff.U16(groups + 1) - 1;                 // format 3: the first glyph of each range, ascending
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (cff.U16(groups + 3 + 3 * middle) <= glyph) low = middle;
            else high = middle - 1;
        }
        return cff.U8(groups + 5 + 3 * low);
    }

    FontBytes[] IndexAt(int at) => Index(ref at);

    /// <summary>A list of byte strings.</summary>
    FontBytes[] Index(ref int at)
    {
        var count = cff.U16(at);
        if (count == 0)
        {
            at += 2;
            return [];
        }
        int size = cff.U8(at + 2), offsets = at + 3, data = offsets + (count + 1) * size - 1;
        var items = new FontBytes[count];
        for (var i = 0; i < count; i++) items[i] = cff.Part(data + Offset(offsets + i * size, size), Offset(offsets + (i + 1) * size, size) - Offset(offsets + i * size, size));
        at = data + Offset(offsets + count * size, size);
        return items;
    }

    int Offset(int at, int size)
    {
        var value = 0;
        foreach (var b in cff.Span(at, size)) value = value << 8 | b;
        return value;
    }

    /// <summary>Operators with the numbers before them; fractions are not asked for here and count as 0.</summary>
    static Dictionary<int, int[]> Dictionary(FontBytes d)
    {
        var (entries, numbers) = (new Dictionary<int, int[]>(), new List<int>());
        for (var at = 0; at < d.Length;)
        {
            int b = d.U8(at++);
            if (b <= 21)
            {
                entries[b == 12 ? 1200 + d.U8(at++) : b] = [.. numbers];
                numbers.Clear();
            }
            else if (b == 28) numbers.Add(d.I16((at += 2) - 2));
            else if (b == 29) numbers.Add(d.I32((at += 4) - 4));
            else if (b == 30)
            {
                while (d.U8(at++) is var n && (n & 0xF) != 0xF) { }
                numbers.Add(0);
            }
            else numbers.Add(b <= 246 ? b - 139 : b <= 250 ? (b - 247) * 256 + d.U8(at++) + 108 : -(b - 251) * 256 - d.U8(at++) - 108);
        }
        return entries;
    }
}
