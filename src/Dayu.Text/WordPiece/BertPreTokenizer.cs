using System.Text;

namespace Dayu.Text;

/// <summary>BERT's pre-tokenizer: white space is left out, every punctuation character stands by itself, everything else in runs.</summary>
sealed class BertPreTokenizer : PreTokenizer
{
    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take)
    {
        int start = 0;
        for (int at = 0, next; at < text.Length; at = next)
        {
            int kind = text[at];
            next = at + 1;
            if (char.IsSurrogate(text[at]))
            {
                Rune.DecodeFromUtf16(text[at..], out var rune, out int length);
                (kind, next) = (rune.Value, at + length);
            }
            bool space = CharacterTable.ClassOf(kind) == CharacterClass.Space;
            if (!space && !CharacterTable.IsBertPunctuation(kind)) continue;
            if (at > start) take(text[start..at], first && start == 0);
            if (!space) take(text[at..next], first && at == 0);
            start = next;
        }
        if (text.Length > start) take(text[start..], first && start == 0);
    }
}
