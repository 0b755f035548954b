using System.Text;

namespace Dayu.Text;

/// <summary>What SentencePiece does to text first, in its order (its <c>normalizer_spec</c>): characters are mapped, superfluous spaces go, one space is put before or behind, and spaces are written ▁.</summary>
/// <param name="map">Character mapping; null for none.</param>
/// <param name="removeExtraSpaces">No spaces at the beginning and the end, and one where there were several.</param>
/// <param name="before">Puts a space before a text that has anything in it.</param> <param name="behind">Puts one behind it.</param>
/// <param name="escape">Writes spaces as U+2581.</param>
sealed class SentencePieceNormalizer(CharsMap? map, bool removeExtraSpaces, bool before = false, bool behind = false, bool escape = false) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (map is not null) text = map.Normalize(text);
        if (removeExtraSpaces) text = WithoutExtraSpaces(text);
        if (text.IsEmpty || !(before || behind || escape)) return text;
        string normal = before ? string.Concat(" ", text) : text.ToString();
        if (escape) normal = normal.Replace(' ', SentencePieces.Underline);
        if (removeExtraSpaces) normal = normal.TrimEnd(Space);       // also what the text itself wrote as ▁
        return behind && normal.Length > 0 ? normal + Space : normal;
    }

    char Space => escape ? SentencePieces.Underline : ' ';

    static ReadOnlySpan<char> WithoutExtraSpaces(ReadOnlySpan<char> text)
    {
        text = text.Trim(' ');
        if (text.IndexOf("  ") < 0) return text;
        var kept = new StringBuilder(text.Length);
        foreach (var word in text.Split(' '))
            if (!text[word].IsEmpty) kept.Append(kept.Length > 0 ? " " : "").Append(text[word]);
        return kept.ToString();
    }
}
