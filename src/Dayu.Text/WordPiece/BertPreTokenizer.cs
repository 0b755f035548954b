using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>BERT's pre-tokenizer: white space is left out, every punctuation character stands by itself, everything else in runs.</summary>
sealed class BertPreTokenizer : PreTokenizer
{
    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take)
    {
        int start = 0, at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            int next = at + rune.Utf16SequenceLength;
            bool space = Rune.IsWhiteSpace(rune);
            if (space || IsPunctuation(rune))
            {
                if (at > start) take(text[start..at], first && start == 0);
                if (!space) take(text[at..next], first && at == 0);
                start = next;
            }
            at = next;
        }
        if (at > start) take(text[start..at], first && start == 0);
    }

    /// <summary>Unicode's punctuation, and all of ASCII that is neither letter, digit, space nor control: $, +, &lt;, ^ too.</summary>
    static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? rune.Value is > ' ' and < 127 && !char.IsAsciiLetterOrDigit((char)rune.Value)
        : Rune.GetUnicodeCategory(rune) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;
}
