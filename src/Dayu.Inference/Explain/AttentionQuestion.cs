namespace Dayu.Inference;

/// <summary>
/// What is asked of the attention of a model that has read a text: which word looks, at which words, in which head.
/// </summary>
/// <param name="Query">The word that looks; null: all of them.</param>
/// <param name="Key">The word that it may look at; null: any. Nothing looks at it where no word looks.</param>
/// <param name="Against">The word that the key is compared with; null: none.</param>
/// <param name="Layer">From 0; null: any.</param>
/// <param name="Head">From 0; null: any.</param>
/// <param name="Contrast">Another sentence in which the word should look elsewhere; null: none.</param>
public sealed record AttentionQuestion(
    WordPlace? Query = null, WordPlace? Key = null, WordPlace? Against = null, int? Layer = null, int? Head = null,
    AttentionContrast? Contrast = null);

/// <summary>The same words in another sentence, read by the same model.</summary>
/// <param name="Reading">The sentence.</param>
/// <param name="Query">The word that looks.</param>
/// <param name="Key">The word that it may look at.</param>
public sealed record AttentionContrast(AttentionReading Reading, WordPlace Query, WordPlace Key);
