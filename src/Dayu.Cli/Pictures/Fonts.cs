using System.IO.Compression;
using System.Text;
using Dayu.Inference;
using SkiaSharp;

namespace Dayu.Cli;

/// <summary>
/// The fonts that text is drawn with: the one that DAYU_FONT names, those of the machine, the one that comes along.
/// Each is opened when a text needs it.
/// </summary>
/// <param name="file">What DAYU_FONT names; null: nothing.</param>
/// <param name="order">Which are asked after that.</param>
sealed class Fonts(string? file, FontOrder order = FontOrder.MachineFirst) : IDisposable
{
    static readonly string[] plain = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial"];

    readonly Dictionary<Rune, SKTypeface?> chosen = [];
    readonly Lazy<SKTypeface?> named = new(() => file is null ? null : Opened(file)), usual = new(() => Usual);
    readonly Lazy<SKTypeface[]> families = new(() => [.. All]);
    readonly Lazy<SKTypeface> bundled = new(Bundled);

    static SKFontManager Manager => SKFontManager.Default;

    static SKTypeface? Usual => plain.Select(Manager.MatchFamily).FirstOrDefault(f => f is not null)
        ?? (Manager.FontFamilyCount > 0 ? SKTypeface.Default : null);

    /// <summary>
    /// Every family: where the system has no rules for characters (plain Linux), one is asked after the other. Without
    /// serifs before with, simplified Chinese before others that share its characters.
    /// </summary>
    static IEnumerable<SKTypeface> All => Manager.FontFamilies
        .OrderBy(f => f.Contains("Serif", StringComparison.Ordinal))
        .ThenByDescending(f => f.EndsWith(" SC", StringComparison.Ordinal))
        .Select(Manager.MatchFamily).OfType<SKTypeface>();

    /// <summary>The one that draws a box for what no font has.</summary>
    public SKTypeface Last => named.Value ?? (order == FontOrder.MachineFirst ? usual.Value : null) ?? bundled.Value;

    /// <summary>Characters that were asked for, and that no font has.</summary>
    public IEnumerable<Rune> Missing => chosen.Where(c => c.Value is null && CellWidth.Of(c.Key) > 0).Select(c => c.Key);

    /// <summary>The font that has a character; null where none has.</summary>
    /// <exception cref="FileNotFoundException">What DAYU_FONT names is not there.</exception>
    /// <exception cref="InvalidDataException">It is no font.</exception>
    public SKTypeface? For(Rune rune)
    {
        if (!chosen.TryGetValue(rune, out var font))
            chosen[rune] = font = Asked(rune).FirstOrDefault(f => f?.ContainsGlyph(rune.Value) == true);
        return font;
    }

    IEnumerable<SKTypeface?> Asked(Rune rune)
    {
        yield return named.Value;
        if (order != FontOrder.MachineFirst) yield return bundled.Value;
        if (order == FontOrder.BundledOnly) yield break;
        yield return usual.Value;
        yield return Manager.MatchCharacter(null, ["zh-Hans"], rune.Value);
        foreach (var family in families.Value) yield return family;
        yield return bundled.Value;
    }

    static SKTypeface Opened(string file)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"DAYU_FONT: no such file: {file}", file);
        return SKTypeface.FromFile(file) ?? throw new InvalidDataException($"DAYU_FONT: {file} is no font that can be read");
    }

    static SKTypeface Bundled()
    {
        using var packed = typeof(Fonts).Assembly.GetManifestResourceStream("NotoSansSC.ttf.gz")!;
        using var data = SKData.Create(new GZipStream(packed, CompressionMode.Decompress));
        return SKTypeface.FromData(data);
    }

    public void Dispose()
    {
        if (named.IsValueCreated) named.Value?.Dispose();
        if (bundled.IsValueCreated) bundled.Value.Dispose();
    }
}
