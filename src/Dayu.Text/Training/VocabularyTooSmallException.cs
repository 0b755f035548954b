namespace Dayu.Text;

/// <summary>More tokens are needed than the vocabulary may have.</summary>
public sealed class VocabularyTooSmallException : Exception
{
    VocabularyTooSmallException(int size, int control, int alphabet)
        : base($"A vocabulary of {size:N0} has no room for {control:N0} control tokens and {alphabet:N0} single bytes or characters: "
            + $"{control + alphabet:N0} is the least.") =>
        (Size, Control, Alphabet) = (size, control, alphabet);

    /// <summary>How many ids there were to be.</summary>
    public int Size { get; }

    /// <summary>How many control tokens there are.</summary>
    public int Control { get; }

    /// <summary>How many bytes or characters must have a token.</summary>
    public int Alphabet { get; }

    /// <summary>Throws where there is no room.</summary>
    internal static void Check(int size, int control, int alphabet)
    {
        if (size < control + alphabet) throw new VocabularyTooSmallException(size, control, alphabet);
    }
}
