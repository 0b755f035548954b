using System.Text;

namespace Dayu.Text;

/// <summary>
/// What SentencePiece does to text first, in its order (its <c>normalizer_spec</c>): characters are mapped, superfluous spaces go, one space is put before or behind.
/// Between a space and ▁, which stands for it in vocabularies, it makes no difference afterwards.
/// </summary>
/// <param name="space">How a space is written: as U+2581, or as itself.</param>
/// <param name="map">Character mapping; null for none.</param>
/// <param name="removeExtra">No spaces at the beginning and the end, and one where there were several.</param>
/// <param name="before">Puts a space before a text that has anything in it.</param> <param name="behind">Puts one behind it.</param>
sealed class SentencePieceNormalizer(char space, CharsMap? map = null, bool removeExtra = false, bool before = false, bool behind = false) : Normalizer
{
    readonly char other = space == ' ' ? SentencePieces.Underline : ' ';

    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (map is not null) text = map.Normalize(text);
        if (removeExtra) text = WithoutExtra(text);
        if (text.IsEmpty || !before && !behind && !text.Contains(other)) return text;
        string normal = string.Concat(before ? " " : "", text).Replace(other, space);
        if (removeExtra) normal = normal.TrimEnd(space);       // what the text itself wrote as ▁ goes too
        return behind ? normal + space : normal;
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
