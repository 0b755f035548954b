using System.Text;

namespace Dayu.Text;

/// <summary>
/// BERT's pre-tokenizer: white space is removed, every punctuation character stands by itself, everything else in runs.
/// </summary>
sealed class BertPreTokenizer : PreTokenizer
{
    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        int start = 0;
        for (int at = 0, next; at < text.Length; at = next)
        {
            int character = text[at];
            next = at + 1;
            if (char.IsSurrogate(text[at]))
            {
                Rune.DecodeFromUtf16(text[at..], out var rune, out int length);
                (character, next) = (rune.Value, at + length);
            }
            bool space = CharacterTable.ClassOf(character) == CharacterClass.Space;
            if (!space && !CharacterTable.IsBertPunctuation(character)) continue;
            if (at > start) handle(text[start..at], first && start == 0);
            if (!space) handle(text[at..next], first && at == 0);
            start = next;
        }
        if (text.Length > start) handle(text[start..], first && start == 0);
    }
}
