namespace Dayu.Cli;

/// <summary>A font file: which glyph a character has, how wide it is, and its outline. TrueType and OpenType, collections too (ISO/IEC 14496-22).</summary>
sealed class Font
{
    readonly Dictionary<string, FontBytes> tables = [];
    readonly Dictionary<int, Outline> outlines = [];
    readonly CharacterMap characters;
    readonly IGlyphs glyphs;
    readonly int metrics;

    Font(FontBytes file, int at)
    {
        for (var t = 0; t < file.U16(at + 4); t++)
        {
            var record = at + 12 + 16 * t;
            tables[System.Text.Encoding.ASCII.GetString(file.Span(record, 4))] = file.Part(file.U32(record + 8), file.U32(record + 12));
        }
        UnitsPerEm = Math.Max(1, Table("head").U16(18));
        metrics = Math.Max(1, Table("hhea").U16(34));
        characters = new(Table("cmap"));
        glyphs = tables.TryGetValue("CFF ", out var cff) ? new CffGlyphs(cff) : new TrueTypeGlyphs(Table("loca"), Table("glyf"), wide: Table("head").U16(50) != 0);
    }

    /// <summary>Units of the outlines in the font's size.</summary>
    public int UnitsPerEm { get; }

    /// <summary>The font of a file; of a collection the one for simplified Chinese where it says so, else the first.</summary>
    /// <exception cref="InvalidDataException">It is none that this reads.</exception>
    public static Font Open(string path)
    {
        var all = File.ReadAllBytes(path);
        var file = new FontBytes(all, 0, all.Length);
        if (!file.Span(0, 4).SequenceEqual("ttcf"u8)) return new(file, 0);
        Font[] fonts = [.. Enumerable.Range(0, Math.Min(file.U32(8), 64)).Select(i => new Font(file, file.U32(12 + 4 * i)))];
        return fonts.FirstOrDefault(f => f.Name.EndsWith(" SC", StringComparison.Ordinal)) ?? fonts.FirstOrDefault() ?? throw new InvalidDataException($"{path}: a collection without fonts");
    }

    /// <summary>The family's name (record 1 of the table of names, in Unicode); empty where there is none.</summary>
    string Name
    {
        get
        {
            if (!tables.TryGetValue("name", out var t)) return "";
            for (var i = 0; i < t.U16(2); i++)
            {
                var r = 6 + 12 * i;
                if (t.U16(r) == 3 && t.U16(r + 6) == 1) return System.Text.Encoding.BigEndianUnicode.GetString(t.Span(t.U16(4) + t.U16(r + 10), t.U16(r + 8)));
            }
            return "";
        }
    }

    FontBytes Table(string name) => tables.TryGetValue(name, out var table) ? table : throw new InvalidDataException($"a font without the table '{name}'");

    /// <summary>The glyph of a character; 0 where it has none.</summary>
    public int GlyphOf(System.Text.Rune rune) => characters.GlyphOf(rune.Value);

    /// <summary>How far the next glyph stands behind this one.</summary>
    public int AdvanceOf(int glyph) => Table("hmtx").U16(4 * Math.Min(glyph, metrics - 1));

    /// <summary>The outline of a glyph, y upwards.</summary>
    public Outline OutlineOf(int glyph)
    {
        if (outlines.TryGetValue(glyph, out var known)) return known;
        var outline = new Outline();
        try { glyphs.Draw(glyph, outline); }
        catch (ArgumentOutOfRangeException e) { throw new InvalidDataException($"the outline of glyph {glyph} is damaged in a font of this machine; DAYU_FONT names another", e); }
        outline.Close();
        return outlines[glyph] = outline;
    }
}

/// <summary>Where a font keeps its outlines.</summary>
interface IGlyphs
{
    void Draw(int glyph, Outline outline);
}
