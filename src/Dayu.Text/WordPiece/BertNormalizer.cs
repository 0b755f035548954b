using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// BERT's normalizer (Devlin et al. 2018, arXiv:1810.04805; <c>BasicTokenizer</c> of its code): control characters are
/// dropped, white space becomes spaces, Chinese characters stand alone, accents are stripped, text is lowercased. Each
/// is an option.
/// </summary>
/// <param name="cleanText">
/// Drops control, format and private-use characters and U+FFFD, and turns white space into spaces.
/// </param>
/// <param name="spaceChinese">Puts spaces around every Chinese character, so that each is a word.</param>
/// <param name="stripAccents">Decomposes (NFD) and drops nonspacing marks: é becomes e, 한 its three letters.</param>
/// <param name="lowercase">Lowercases text, character by character.</param>
sealed class BertNormalizer(
    bool cleanText = true, bool spaceChinese = true, bool stripAccents = true, bool lowercase = true) : Normalizer
{
    public bool Lowercase => lowercase;

    public bool StripAccents => stripAccents;

    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange(' ', '~') < 0 && !(lowercase && text.ContainsAnyInRange('A', 'Z'))) return text;
        if (stripAccents) text = NormalForm.D.Normalize(text);
        var normal = new CharBuffer(text.Length + 16);
        for (int at = 0; at < text.Length;)
        {
            int plain = text[at..].IndexOfAnyExceptInRange(' ', '~') is >= 0 and var other ? other : text.Length - at;
            AppendPlain(text.Slice(at, plain), normal);
            at += plain;
            for (; at < text.Length && text[at] is < ' ' or > '~'; at++)
                if (spaceChinese && text[at] is >= '\u4E00' and <= '\u9FFF') AppendSpaced(text.Slice(at, 1), normal);
                else
                {
                    Rune.DecodeFromUtf16(text[at..], out var rune, out int length);
                    Append(rune, text.Slice(at, length), normal);
                    at += length - 1;
                }
        }
        return normal.Written;
    }

    void AppendPlain(ReadOnlySpan<char> ascii, CharBuffer to)
    {
        var free = to.Free(ascii.Length);
        if (lowercase) Ascii.ToLower(ascii, free, out _);
        else ascii.CopyTo(free);
        to.Advance(ascii.Length);
    }

    static void AppendSpaced(ReadOnlySpan<char> character, CharBuffer to)
    {
        var free = to.Free(character.Length + 2);
        free[0] = ' ';
        character.CopyTo(free[1..]);
        free[character.Length + 1] = ' ';
        to.Advance(character.Length + 2);
    }

    void Append(Rune rune, ReadOnlySpan<char> written, CharBuffer to)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (cleanText && IsSpace(rune)) to.Append(" ");
        else if (cleanText && IsDropped(rune, category) || stripAccents && category == UnicodeCategory.NonSpacingMark) return;
        else if (spaceChinese && IsChinese(rune.Value)) AppendSpaced(written, to);
        else if (lowercase && rune.Value == 'İ') to.Append("i\u0307");       // two characters (Unicode, SpecialCasing.txt)
        else to.Append(lowercase ? Rune.ToLowerInvariant(rune) : rune);
    }

    /// <summary>White space, but for U+0085, which is a control character first.</summary>
    static bool IsSpace(Rune rune) => rune.Value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune);

    static bool IsDropped(Rune rune, UnicodeCategory category) =>
        rune == Rune.ReplacementChar
        || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    /// <summary>
    /// Unicode's CJK ideographs. Kana and hangul are not among them: they are treated as the letters of other scripts
    /// are.
    /// </summary>
    static bool IsChinese(int c) => c
        is >= 0x4E00 and <= 0x9FFF
        or >= 0x3400 and <= 0x4DBF
        or >= 0xF900 and <= 0xFAFF
        or >= 0x20000 and <= 0x2A6DF
        or >= 0x2A700 and <= 0x2B73F
        or >= 0x2B740 and <= 0x2B81F
        or >= 0x2B820 and <= 0x2CEAF
        or >= 0x2F800 and <= 0x2FA1F;
}
