namespace Dayu.Text;

/// <summary>Receives the pre-tokens of a text in order.</summary>
/// <param name="preToken">Valid during the call only; never empty.</param>
/// <param name="first">Whether it begins where the whole text begins.</param>
delegate void PreTokenHandler(ReadOnlySpan<char> preToken, bool first);

/// <summary>
/// Splits a text into pre-tokens, within which tokens are formed. It may leave parts out (white space) or rewrite them,
/// which a <see cref="Splitter"/>, made for speed, cannot. Immutable. Pre-tokens are handed on as they are found, so
/// that a chain of pre-tokenizers copies only what it changes.
/// </summary>
abstract class PreTokenizer
{
    /// <summary>Hands on the pre-tokens of <paramref name="text"/>.</summary>
    /// <param name="text">A text without added tokens, or a pre-token of another pre-tokenizer.</param>
    /// <param name="first">Whether it begins where the whole text begins.</param>
    /// <param name="handle">Receives the pre-tokens.</param>
    public abstract void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle);
}

/// <summary>Splits the pre-tokens of one pre-tokenizer with another.</summary>
sealed class PreTokenizerPair(PreTokenizer outer, PreTokenizer inner) : PreTokenizer
{
    public override void PreTokenize(ReadOnlySpan<char> text, bool first, PreTokenHandler handle) =>
        outer.PreTokenize(text, first, (preToken, first) => inner.PreTokenize(preToken, first, handle));
}
