using Dayu.Text;

namespace Dayu.Training;

/// <summary>A document, cut as rules of quality look at it.</summary>
public sealed class MeasuredText
{
    readonly Lazy<HashedUnits> hashed;

    /// <summary>Cuts it.</summary>
    public MeasuredText(string text)
    {
        Text = text;
        Lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Paragraphs = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Units = TextUnits.Of(text);
        hashed = new(() => new(Units), isThreadSafe: false);
        Characters = text.Count(c => !char.IsWhiteSpace(c));
        Han = text.EnumerateRunes().Count(r => Scripts.IsHan(r.Value));
    }

    /// <summary>All of it.</summary>
    public string Text { get; }

    /// <summary>Lines that are not empty.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>What empty lines part.</summary>
    public IReadOnlyList<string> Paragraphs { get; }

    /// <summary>What spaces part, as the papers on English count words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Words of letters and digits in lower case; of Chinese each character.</summary>
    public IReadOnlyList<string> Units { get; }

    /// <summary><see cref="Units"/> as hashes.</summary>
    internal HashedUnits Hashed => hashed.Value;

    /// <summary>UTF-16 characters other than white space.</summary>
    public int Characters { get; }

    /// <summary>Chinese characters.</summary>
    public int Han { get; }

    /// <summary>The share of lines of which something is true, 0 … 1.</summary>
    public double LinesThat(Func<string, bool> what) => Share(Lines.Count(what), Lines.Count);

    /// <summary>a / b; of nothing: 0.</summary>
    public static double Share(double a, double b) => b == 0 ? 0 : a / b;
}
