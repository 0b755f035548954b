namespace Dayu.Text;

/// <summary>Two texts in a row, made by <see cref="Tokenizer.EncodePair"/>.</summary>
/// <param name="Ids">The ids of both, with the special tokens around and between them.</param>
/// <param name="Types">For each id the text it belongs to: 0 for the first, 1 for the second (BERT's token types, or segments), 0 for both in models that do not tell them apart (RoBERTa).</param>
public sealed record EncodedPair(int[] Ids, int[] Types);
