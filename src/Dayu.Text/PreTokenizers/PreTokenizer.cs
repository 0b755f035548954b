namespace Dayu.Text;

/// <summary>Is handed the pieces of a text in order.</summary>
/// <param name="piece">Valid during the call only; never empty.</param>
/// <param name="first">Whether it begins where the whole text begins.</param>
delegate void PieceTaker(ReadOnlySpan<char> piece, bool first);

/// <summary>
/// Cuts a text into the pieces within which tokens are formed. It may leave parts out (white space) or write them otherwise, which a <see cref="Splitter"/>, made for speed, cannot. Immutable.
/// Pieces are handed on as they are found, so that a chain of these copies nothing that it does not change.
/// </summary>
abstract class PreTokenizer
{
    /// <summary>Hands on the pieces of <paramref name="text"/>.</summary>
    /// <param name="text">A text without added tokens, or a piece that another cut out.</param>
    /// <param name="first">Whether it begins where the whole text begins.</param>
    /// <param name="take">Gets the pieces.</param>
    public abstract void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take);
}

/// <summary>Cuts the pieces of one with another.</summary>
sealed class PreTokenizerPair(PreTokenizer outer, PreTokenizer inner) : PreTokenizer
{
    public override void Cut(ReadOnlySpan<char> text, bool first, PieceTaker take) => outer.Cut(text, first, (piece, first) => inner.Cut(piece, first, take));
}
