namespace Dayu.Inference;

/// <summary>
/// A head of attention, and whether it is one in which a word looks at another: more than other words look there too, more than
/// it looks elsewhere, and more than it does in another sentence. A head in which every word looks at the key shows nothing.
/// </summary>
/// <param name="Layer">From 0.</param>
/// <param name="Head">From 0.</param>
/// <param name="Key">How much the word looks at the key, 0 to 1.</param>
/// <param name="Others">How much the other words look at the key, their mean, 0 to 1.</param>
/// <param name="Against">How much the word looks at the word against it, 0 to 1; null: there is none.</param>
/// <param name="Contrast">How much the word looks at the key in the other sentence, 0 to 1; null: there is none.</param>
public sealed record HeadScore(int Layer, int Head, double Key, double Others, double? Against = null, double? Contrast = null)
{
    /// <summary>The least by which the look is stronger than what it is compared with, −1 to 1.</summary>
    public double Score => Key - Math.Max(Others, Math.Max(Against ?? 0, Contrast ?? 0));
}
