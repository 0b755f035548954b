namespace Dayu.Training;

/// <summary>
/// Whole documents in windows, none of them cut: each lies in the fullest window that has room for it, the longest first (best-fit
/// packing, Ding et al. 2024, arXiv:2404.10830). Nothing is seen across documents. Every window comes once before one comes again.
/// </summary>
public sealed class PackedDocuments : IBatchSource
{
    readonly MemoryDocuments documents;
    readonly int[][] windows;                                        // the documents of each
    readonly EpochOrder order;

    /// <summary>Packs documents.</summary>
    /// <param name="documents">What is read.</param>
    /// <param name="length">Tokens of a window.</param>
    /// <param name="seed">Of the order of windows, another in each round; null: in order.</param>
    /// <exception cref="ArgumentException">There is no document, or one is longer than a window.</exception>
    public PackedDocuments(MemoryDocuments documents, int length, ulong? seed)
    {
        this.documents = documents;
        if (documents.Count == 0) throw new ArgumentException("there is no document");
        var (packed, rooms) = (new List<List<int>>(), new SortedSet<(int Room, int Window)>());
        foreach (var d in Enumerable.Range(0, (int)documents.Count).OrderByDescending(documents.LengthOf))
        {
            var tokens = documents.LengthOf(d);
            if (tokens > length)
                throw new ArgumentException($"{documents.PlaceOf(d)}: {tokens} tokens, a window has {length}");
            var fits = rooms.GetViewBetween((tokens, 0), (length, int.MaxValue));
            var place = fits.Count > 0 ? fits.Min : (Room: length, Window: packed.Count);
            if (fits.Count == 0) packed.Add([]);
            rooms.Remove(place);
            packed[place.Window].Add(d);
            rooms.Add((place.Room - tokens, place.Window));
        }
        windows = [.. packed.Select(w => w.ToArray())];
        order = new(windows.Length, seed);
    }

    /// <summary>Windows there are.</summary>
    public int Count => windows.Length;

    /// <summary>The window of that number.</summary>
    public Batch At(long number)
    {
        var batch = new BatchBuilder();
        foreach (var d in windows[order.At(number)]) batch.Add(documents, documents.StartOf(d), documents.LengthOf(d));
        return batch.Made();
    }
}
