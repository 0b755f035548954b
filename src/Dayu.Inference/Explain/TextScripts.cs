using System.Globalization;
using System.Text;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>Kinds of characters, which tokenizers know better or worse.</summary>
public static class TextScripts
{
    /// <summary>The kinds: Latin letters, Chinese characters, digits, everything else.</summary>
    public static IReadOnlyList<string> Names { get; } = ["latin", "han", "digits", "other"];

    /// <summary>The kind of a character; null: a blank, which goes with what follows.</summary>
    public static string? Of(Rune rune) => Rune.IsWhiteSpace(rune) ? null
        : Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? "digits"
        : rune.Value is >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF ? "han"
        : Rune.IsLetter(rune) && rune.Value is < 0x250 or >= 0x1E00 and <= 0x1EFF ? "latin" : "other";

    /// <summary>
    /// Characters a token, for each kind there is in a text. Stretches of one kind, without the blanks around them, are encoded
    /// by themselves, so that every token belongs to one kind; blanks within are not counted.
    /// </summary>
    /// <param name="tokenizer">Cuts the text.</param>
    /// <param name="text">Any text.</param>
    /// <returns>By name of the kind.</returns>
    public static SortedDictionary<string, double> CharactersPerToken(Tokenizer tokenizer, string text)
    {
        var (characters, tokens) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>());
        foreach (var (kind, stretch) in Stretches(text))
        {
            characters[kind] = characters.GetValueOrDefault(kind) + stretch.EnumerateRunes().Count(r => !Rune.IsWhiteSpace(r));
            tokens[kind] = tokens.GetValueOrDefault(kind) + tokenizer.Count(stretch, addSpecial: false, parseSpecial: false);
        }
        return new(characters.ToDictionary(c => c.Key, c => (double)c.Value / Math.Max(1, tokens[c.Key])), StringComparer.Ordinal);
    }

    static IEnumerable<(string Kind, string Stretch)> Stretches(string text)
    {
        var (stretch, blanks) = (new StringBuilder(), new StringBuilder());
        string? kind = null;
        foreach (var rune in text.EnumerateRunes())
        {
            var own = Of(rune);
            if (own is null)
            {
                blanks.Append(rune);
                continue;
            }
            if (own != kind && kind is not null)
            {
                yield return (kind, stretch.ToString());
                stretch.Clear();
                blanks.Clear();
            }
            stretch.Append(blanks).Append(rune);
            blanks.Clear();
            kind = own;
        }
        if (kind is not null) yield return (kind, stretch.ToString());
    }
}
