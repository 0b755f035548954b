using System.Text;

namespace Dayu.Text;

/// <summary>
/// Splits where the script changes. Hiragana, Katakana and Han count as one script, and a space belongs to none. As in
/// the reference, spaces before the first letter are left out.
/// </summary>
sealed class UnicodeScripts : PreTokenizer
{
    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        int start = -1, at = 0;
        string? last = null;
        foreach (var rune in text.EnumerateRunes())
        {
            if (ScriptOf(rune) is { } script && script != last)
            {
                if (start >= 0) handle(text[start..at], first && start == 0);
                (start, last) = (at, script);
            }
            at += rune.Utf16SequenceLength;
        }
        if (start >= 0) handle(text[start..], first && start == 0);
    }

    static string? ScriptOf(Rune rune) => rune.Value switch
    {
        ' ' => null,
        0x30FC => "Han",      // ー, which Unicode counts as common
        _ => Scripts.Of(rune) is "Hiragana" or "Katakana" ? "Han" : Scripts.Of(rune),
    };
}
