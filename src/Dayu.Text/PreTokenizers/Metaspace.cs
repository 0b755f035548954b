namespace Dayu.Text;

/// <summary>
/// SentencePiece's way with spaces: each becomes ▁ (U+2581), one is put before the text, and words are split before it.
/// </summary>
/// <param name="replacement">What a space becomes.</param>
/// <param name="prepend">Before which texts one is put.</param>
/// <param name="split">Whether it splits.</param>
sealed class Metaspace(string replacement, PrependScheme prepend, bool split) : PreTokenizer
{
    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle)
    {
        string written = text.ToString().Replace(" ", replacement, StringComparison.Ordinal);
        bool prepends = prepend == PrependScheme.Always || prepend == PrependScheme.First && first;
        if (prepends && !written.StartsWith(replacement, StringComparison.Ordinal)) written = replacement + written;
        for (int start = 0, end; start < written.Length; start = end)
        {
            end = split ? written.IndexOf(replacement, start + 1, StringComparison.Ordinal) : -1;
            if (end < 0) end = written.Length;
            handle(written.AsSpan(start, end - start), first && start == 0);
        }
    }
}
