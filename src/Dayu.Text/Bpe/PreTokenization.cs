namespace Dayu.Text;

/// <summary>
/// What is done to a text before its symbols are merged: normalizer, then pre-tokenizer, then splitter.
/// </summary>
/// <param name="Splitter">Splits UTF-8, and is made for speed; most tokenizers need no more.</param>
/// <param name="PreTokenizer">Splits before that, and may change the text.</param>
/// <param name="Normalizer">Changes the text before that.</param>
sealed record PreTokenization(Splitter Splitter, PreTokenizer? PreTokenizer = null, Normalizer? Normalizer = null);
