namespace Dayu.Cli;

/// <summary>Characters to glyphs: the table <c>cmap</c>, formats 4 (the first 65,536 characters) and 12 (all).</summary>
sealed class CharacterMap
{
    readonly FontBytes table;
    readonly int format;

    public CharacterMap(FontBytes cmap)
    {
        for (var i = 0; i < cmap.U16(2); i++)
        {
            var (platform, encoding) = (cmap.U16(4 + 8 * i), cmap.U16(6 + 8 * i));
            if (platform is not (0 or 3) || (platform == 3 && encoding is not (1 or 10))) continue;
            var candidate = cmap.From(cmap.U32(8 + 8 * i));
            if (candidate.U16(0) is (4 or 12) and var f && f > format) (table, format) = (candidate, f);
        }
        if (format == 0) throw new InvalidDataException("a font without a map of Unicode characters");
    }

    /// <summary>0 where there is none.</summary>
    public int GlyphOf(int character) => format == 12 ? OfGroups(character) : character > 0xFFFF ? 0 : OfSegments(character);

    int OfGroups(int character)
    {
        for (int low = 0, high = table.U32(12) - 1; low <= high;)
        {
            var middle = low + (high - low) / 2;
            var group = 16 + 12 * middle;
            if (character < table.U32(group)) high = middle - 1;
            else if (character > table.U32(group + 4)) low = middle + 1;
            else return table.U32(group + 8) + character - table.U32(group);
        }
        return 0;
    }

    int OfSegments(int character)
    {
        var bytes = table.U16(6) & ~1;                               // of each of four arrays: ends, starts, differences, offsets
        for (var s = 0; s < bytes; s += 2)
        {
            if (character > table.U16(14 + s)) continue;
            var start = table.U16(16 + bytes + s);
            if (character < start) return 0;
            var (delta, place) = (table.U16(16 + 2 * bytes + s), 16 + 3 * bytes + s);
            if (table.U16(place) is not > 0 and var none) return (character + delta) & 0xFFFF;
            var glyph = table.U16(place + table.U16(place) + 2 * (character - start));
            return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
        }
        return 0;
    }
}
