namespace Dayu.Training;

/// <summary>Pairs of answers as windows: each is two sequences, the preferred answer first, and stays whole.</summary>
/// <param name="documents">Documents 2 i and 2 i + 1 are pair i.</param>
/// <param name="seed">Of the order of pairs, another in each round; null: in order.</param>
/// <exception cref="ArgumentException">There is no pair.</exception>
sealed class PreferencePairs(MemoryDocuments documents, ulong? seed) : IBatchSource
{
    readonly EpochOrder order = documents.Count >= 2 ? new((int)(documents.Count / 2), seed)
        : throw new ArgumentException("there is no pair");

    /// <summary>Pairs there are.</summary>
    public int Count => (int)(documents.Count / 2);

    /// <summary>The pair of that number.</summary>
    public Batch At(long number)
    {
        var (batch, pair) = (new BatchBuilder(), order.At(number));
        for (var d = 2 * pair; d < 2 * pair + 2; d++) batch.Add(documents, documents.StartOf(d), documents.LengthOf(d));
        return batch.Made() with { Reference = documents.Reference is { } all ? [all[2 * pair], all[2 * pair + 1]] : [] };
    }
}
