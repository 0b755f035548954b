using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>A document that is nearly the same as one before it.</summary>
/// <param name="First">The number of that one among those that were kept, from 0.</param>
/// <param name="Similarity">Their estimated Jaccard similarity, 0 … 1.</param>
sealed record NearDuplicate(int First, double Similarity);

/// <summary>The slow twin of <see cref="NearIndex"/>: signatures and tables in memory.</summary>
sealed class NearDuplicates
{
    readonly MinHash hash;
    readonly LshBands bands;
    readonly double threshold;
    readonly List<uint[]> kept = [];                                 // [K] each
    readonly List<int[]> before = [];                                // by band, the document before with the same one; -1: none
    readonly Dictionary<ulong, int>[] last;                          // by band

    /// <summary>None yet.</summary>
    /// <param name="hash">What makes signatures.</param>
    /// <param name="threshold">The estimated similarity from which a document is dropped, 0 … 1, both excluded.</param>
    public NearDuplicates(MinHash hash, double threshold = 0.8)
    {
        (this.hash, this.threshold, bands) = (hash, threshold, LshBands.For(threshold, hash.Hashes));
        last = [.. Enumerable.Range(0, bands.Bands).Select(_ => new Dictionary<ulong, int>())];
    }

    /// <summary>Documents that were kept.</summary>
    public int Count => kept.Count;

    /// <summary>
    /// Bytes that a kept document takes at most: its signature, and in each band an entry of a table that may be half empty.
    /// </summary>
    public int BytesPerDocument => hash.Hashes * sizeof(uint) + bands.Bands * (sizeof(int) + 2 * 28) + 80;

    /// <summary>Keeps a document, or says which one it repeats. One without a letter or digit is kept and compared with none.</summary>
    public NearDuplicate? Add(string text)
    {
        if (hash.SignatureOf(text) is not { } signature) return null;
        var links = new int[bands.Bands];
        var seen = new HashSet<int>();
        NearDuplicate? nearest = null;
        for (var band = 0; band < links.Length; band++)
        {
            var first = links[band] = last[band].GetValueOrDefault(KeyOf(signature, band), -1);
            for (var other = first; other >= 0; other = before[other][band])
                if (seen.Add(other) && MinHash.Similarity(signature, kept[other]) is var s && s >= threshold
                    && s > (nearest?.Similarity ?? 0))
                    nearest = new(other, s);
        }
        if (nearest is not null) return nearest;
        for (var band = 0; band < links.Length; band++) last[band][KeyOf(signature, band)] = kept.Count;
        kept.Add(signature);
        before.Add(links);
        return null;
    }

    ulong KeyOf(uint[] signature, int band)
    {
        var key = 0UL;
        foreach (var place in signature.AsSpan(band * bands.Rows, bands.Rows)) key = CounterRng.Mix(key * 31 + place + 1);
        return key;
    }
}
