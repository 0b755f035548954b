using System.Text;
using SkiaSharp;

namespace Dayu.Cli;

/// <summary>The fonts of a machine: that which DAYU_FONT names first, then whichever has a character.</summary>
sealed class Fonts : IDisposable
{
    static readonly string[] plain = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial"];

    readonly Dictionary<Rune, SKTypeface?> chosen = [];
    readonly SKTypeface? named, usual = plain.Select(SKFontManager.Default.MatchFamily).FirstOrDefault(f => f is not null) ?? (SKFontManager.Default.FontFamilyCount > 0 ? SKTypeface.Default : null);

    Fonts(SKTypeface? named) => this.named = named;

    /// <summary>The fonts of this machine.</summary>
    /// <exception cref="InvalidDataException">DAYU_FONT names a file that is no font.</exception>
    public static Fonts Of(Terminal terminal)
    {
        if (terminal.Variable("DAYU_FONT") is not { Length: > 0 } named) return new(null);
        var path = Path.Combine(terminal.Folder, named);
        if (!File.Exists(path)) throw new FileNotFoundException($"DAYU_FONT: no such file: {path}", path);
        return new(SKTypeface.FromFile(path) ?? throw new InvalidDataException($"DAYU_FONT: {path} is no font that can be read"));
    }

    /// <summary>Whether there is any.</summary>
    public bool Any => (named ?? usual) is not null;

    /// <summary>The one that draws a box for what no font has.</summary>
    public SKTypeface Last => named ?? usual ?? SKTypeface.Default;

    /// <summary>The font that has a character; null where none has.</summary>
    public SKTypeface? With(Rune rune)
    {
        if (!chosen.TryGetValue(rune, out var font))
            chosen[rune] = font = new[] { named, usual }.FirstOrDefault(f => f?.ContainsGlyph(rune.Value) == true) ?? SKFontManager.Default.MatchCharacter(null, ["zh-Hans"], rune.Value);
        return font;
    }

    public void Dispose() => named?.Dispose();
}
