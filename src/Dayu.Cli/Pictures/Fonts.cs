using System.Text;
using SkiaSharp;

namespace Dayu.Cli;

/// <summary>The fonts of a machine: that which DAYU_FONT names first, then whichever has a character.</summary>
sealed class Fonts : IDisposable
{
    static readonly string[] plain = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial"];

    readonly Dictionary<Rune, SKTypeface?> chosen = [];
    readonly SKTypeface? named, usual = plain.Select(Manager.MatchFamily).FirstOrDefault(f => f is not null) ?? Default;

    Fonts(SKTypeface? named) => this.named = named;

    static SKFontManager Manager => SKFontManager.Default;

    static SKTypeface? Default => Manager.FontFamilyCount > 0 ? SKTypeface.Default : null;

    /// <summary>The fonts of this machine.</summary>
    /// <param name="file">One that comes before all others; null: none.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is no font.</exception>
    public static Fonts With(string? file)
    {
        if (file is null) return new(null);
        if (!File.Exists(file)) throw new FileNotFoundException($"DAYU_FONT: no such file: {file}", file);
        return new(SKTypeface.FromFile(file) ?? throw new InvalidDataException($"DAYU_FONT: {file} is no font that can be read"));
    }

    /// <summary>Whether there is any.</summary>
    public bool Any => (named ?? For(new('a'))) is not null;

    /// <summary>The one that draws a box for what no font has.</summary>
    public SKTypeface Last => named ?? usual ?? SKTypeface.Default;

    /// <summary>The font that has a character; null where none has.</summary>
    public SKTypeface? For(Rune rune)
    {
        if (!chosen.TryGetValue(rune, out var font)) chosen[rune] = font = Find(rune);
        return font;
    }

    SKTypeface? Find(Rune rune)
    {
        if (named?.ContainsGlyph(rune.Value) == true) return named;
        if (usual?.ContainsGlyph(rune.Value) == true) return usual;
        return Manager.MatchCharacter(null, ["zh-Hans"], rune.Value) ?? All.FirstOrDefault(f => f.ContainsGlyph(rune.Value));
    }

    /// <summary>
    /// Every family: where the system has no rules for characters (plain Linux), one is asked after the other. Without serifs
    /// before with, simplified Chinese before others that share its characters.
    /// </summary>
    static IEnumerable<SKTypeface> All => Manager.FontFamilies
        .OrderBy(f => f.Contains("Serif", StringComparison.Ordinal))
        .ThenByDescending(f => f.EndsWith(" SC", StringComparison.Ordinal))
        .Select(Manager.MatchFamily).OfType<SKTypeface>();

    public void Dispose() => named?.Dispose();
}
