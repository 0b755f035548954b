namespace Dayu.Training;

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
            else if (rune.IsAscii && char.IsAsciiLetter((char)rune.Value)) latin++;
        return new(han + latin == 0 ? CorpusLanguages.None : 4 * han > latin ? CorpusLanguages.Simplified : CorpusLanguages.English, 1);
    }
}
