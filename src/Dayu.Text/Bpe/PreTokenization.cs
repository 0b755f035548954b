namespace Dayu.Text;

/// <summary>What is done to a text before its symbols are merged.</summary>
/// <param name="Splitter">Cuts UTF-8, and is made for speed: all that most tokenizers have.</param>
/// <param name="Pre">Cuts before that, and may change the text.</param> <param name="Normalizer">Changes the text before that.</param>
sealed record PreTokenization(Splitter Splitter, PreTokenizer? Pre = null, Normalizer? Normalizer = null);
