namespace Dayu.Training;

/// <summary>The language of a text, and how sure that is.</summary>
public sealed record LanguageGuess(string Language, double Probability);

/// <summary>By script alone.</summary>
public sealed class LanguageIdentifier
{
    /// <summary>The one there is.</summary>
    public static LanguageIdentifier Default { get; } = new();

    /// <summary>Of a text.</summary>
    public LanguageGuess Of(string text)
    {
        var (han, latin) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
            if (TextUnits.IsHan(rune)) han++;
            else if (char.IsAsciiLetter((char)Math.Min(rune.Value, 0xFFFF))) latin++;
        return new(han + latin == 0 ? "none" : 4 * han > latin ? "zh-hans" : "en", 1);
    }
}
