namespace Dayu.Text;

/// <summary>
/// What is done to ordinary text before it is pre-tokenized and encoded: Unicode forms, lower case, accents, spaces.
/// Immutable: any number of threads may use one.
/// </summary>
public abstract class Normalizer
{
    /// <summary>The text to encode. Text that needs no change is returned as it is, without a copy.</summary>
    public abstract ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text);

    /// <summary>
    /// Throws if a text becomes much longer: no honest normalizer does that, but a malicious file can, to use up
    /// memory.
    /// </summary>
    private protected static void CheckGrowth(int before, long after)
    {
        if (after > 64L * before + (1 << 16))
            throw new TokenizerException($"The normalizer would make {after} characters of {before}. "
                + "Its replacements are no ordinary ones; take the tokenizer from a source you trust.");
    }
}
