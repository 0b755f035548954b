namespace Dayu.Text;

/// <summary>SentencePiece's way with spaces: each becomes ▁ (U+2581), one is put before the text, and words are cut before it.</summary>
/// <param name="replacement">What a space becomes.</param> <param name="prepend">Before every text, only before one at the very beginning, or never.</param> <param name="split">Whether it cuts.</param>
sealed class Metaspace(string replacement, PrependScheme prepend, bool split) : PreTokenizer
{
    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take)
    {
        string written = text.ToString().Replace(" ", replacement, StringComparison.Ordinal);
        bool lacks = !written.StartsWith(replacement, StringComparison.Ordinal);
        if (lacks && (prepend == PrependScheme.Always || prepend == PrependScheme.First && first)) written = replacement + written;
        for (int start = 0, end; start < written.Length; start = end)
        {
            end = split ? written.IndexOf(replacement, start + 1, StringComparison.Ordinal) : -1;
            if (end < 0) end = written.Length;
            take(written.AsSpan(start, end - start), first && start == 0);
        }
    }
}
