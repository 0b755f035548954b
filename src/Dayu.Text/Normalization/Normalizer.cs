namespace Dayu.Text;

/// <summary>What is done to ordinary text before it is cut and encoded: Unicode forms, lower case, accents, spaces. Immutable: any number of threads may use one.</summary>
public abstract class Normalizer
{
    /// <summary>The text to encode; what needs no change comes back as it is, without a copy.</summary>
    public abstract ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text);
}
