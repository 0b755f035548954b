using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Whole documents in windows, none of them cut: each lies in the fullest window that has room for it, the longest first (best-fit
/// packing, Ding et al. 2024, arXiv:2404.10830). Nothing is seen across documents. Every window comes once before one comes again.
/// </summary>
public sealed class PackedDocuments : IBatchSource
{
    readonly MemoryDocuments documents;
    readonly int[][] windows;                                        // the documents of each
    readonly ulong? seed;
    (long Epoch, int[] Order)? drawn;                                // the last that was asked for: it need not be drawn again

    /// <summary>Packs documents.</summary>
    /// <param name="documents">What is read.</param>
    /// <param name="length">Tokens of a window.</param>
    /// <param name="seed">Of the order of windows, another in each round; null: in order.</param>
    /// <exception cref="ArgumentException">There is no document, or one is longer than a window.</exception>
    public PackedDocuments(MemoryDocuments documents, int length, ulong? seed)
    {
        (this.documents, this.seed) = (documents, seed);
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
    }

    /// <summary>Windows there are.</summary>
    public int Count => windows.Length;

    /// <summary>The window of that number.</summary>
    public Batch At(long number)
    {
        var batch = new BatchBuilder();
        Add((int)(number % Count), number / Count, batch);
        return batch.Made();
    }

    void Add(int at, long epoch, BatchBuilder batch)
    {
        foreach (var d in windows[seed is null ? at : Order(epoch)[at]]) batch.Add(documents, documents.StartOf(d), documents.LengthOf(d));
    }

    /// <summary>A permutation of the windows: Fisher and Yates, by counted random numbers.</summary>
    int[] Order(long epoch)
    {
        if (drawn is { } last && last.Epoch == epoch) return last.Order;
        int[] order = [.. Enumerable.Range(0, Count)];
        var own = CounterRng.Mix(seed!.Value, (ulong)epoch);
        for (var i = Count - 1; i > 0; i--)
        {
            var j = (int)(CounterRng.Mix(own, (ulong)i) % (ulong)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        drawn = (epoch, order);
        return order;
    }
}
