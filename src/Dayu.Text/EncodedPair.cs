namespace Dayu.Text;

/// <summary>Two texts in a row, made by <see cref="Tokenizer.EncodePair"/>.</summary>
/// <param name="Ids">The ids of both, with the special tokens around and between them.</param>
/// <param name="Types">
/// The token type of each id (BERT's token type ids): 0 for the first text, 1 for the second; 0 for both in models that
/// do not distinguish them (RoBERTa).
/// </param>
public sealed record EncodedPair(int[] Ids, int[] Types);
