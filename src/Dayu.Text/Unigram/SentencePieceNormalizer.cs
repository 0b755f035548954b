using System.Text;

namespace Dayu.Text;

/// <summary>
/// SentencePiece's normalizer (its <c>normalizer_spec</c>), step by step: characters are mapped, superfluous spaces are
/// removed, one space is added before or after the text. ▁ in a text is a space: vocabularies do not tell the two
/// apart.
/// </summary>
/// <param name="space">How a space is written: as U+2581, or as itself.</param>
/// <param name="map">Character mapping; null for none.</param>
/// <param name="removeExtra">
/// Removes spaces at the beginning and the end, and leaves one where there were several.
/// </param>
/// <param name="prefixSpace">Puts a space before a text that is not empty.</param>
/// <param name="suffixSpace">Puts one after it.</param>
sealed class SentencePieceNormalizer(
    char space, CharsMap? map = null, bool removeExtra = false, bool prefixSpace = false, bool suffixSpace = false) : Normalizer
{
    readonly char other = space == ' ' ? SentencePieceText.Space : ' ';

    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (map is not null) text = map.Normalize(text);
        if (removeExtra) text = WithoutExtra(text);
        if (text.IsEmpty || !prefixSpace && !suffixSpace && !text.Contains(other)) return text;
        string normal = string.Concat(prefixSpace ? " " : "", text).Replace(other, space);
        if (removeExtra) normal = normal.TrimEnd(space);       // also those that the text itself wrote as ▁
        return suffixSpace ? normal + space : normal;
    }

    static ReadOnlySpan<char> WithoutExtra(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        if (text.IndexOf("  ") < 0) return text;
        var kept = new StringBuilder(text.Length);
        foreach (var word in text.Split(' '))
            if (!text[word].IsEmpty) kept.Append(kept.Length > 0 ? " " : "").Append(text[word]);
        return kept.ToString();
    }
}
