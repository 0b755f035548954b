using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Documents that are nearly the same, as Lee et al. 2022 (arXiv:2107.06499) find them: MinHash signatures, bands that bring candidates
/// together, and the estimate that decides. The first of several alike is kept; the order of documents decides, and nothing else. All lies
/// in files: a document that is kept takes a record of its signature and, for each band, of the document before it with the same one; and
/// two slots of a table a band at most.
/// </summary>
sealed class NearIndex : IDisposable
{
    const int Place = sizeof(long);

    readonly int hashes;
    readonly double threshold;
    readonly LshBands bands;
    readonly RecordLog log;                                          // place, [K] signature, by band the document before plus one
    readonly MappedIndex last;                                       // by band and its hashes
    readonly byte[] record, other;
    readonly HashSet<long> seen = [];

    /// <summary>Opens it.</summary>
    /// <param name="folder">Of its files.</param>
    /// <param name="hashes">Places of a signature, K.</param>
    /// <param name="threshold">The estimated similarity from which a document is dropped, 0 … 1, both excluded.</param>
    /// <param name="count">Documents that it knows already.</param>
    public NearIndex(string folder, int hashes, double threshold, long count)
    {
        (this.hashes, this.threshold, bands) = (hashes, threshold, LshBands.For(threshold, hashes));
        record = new byte[Place + 4 * hashes + 8 * bands.Bands];
        other = new byte[record.Length];
        log = new(Path.Combine(folder, "near.log"), record.Length, count);
        last = new(Path.Combine(folder, "near.index"), count * bands.Bands);
        Fill();
    }

    /// <summary>Documents that are nearly like no other.</summary>
    public long Count => log.Count;

    /// <summary>Keeps a document; or tells the place of the one that it nearly repeats, and how nearly. Place -1: none.</summary>
    /// <param name="signature">[K]</param>
    /// <param name="place">Where the document is.</param>
    public (long Place, double Similarity) Add(ReadOnlySpan<uint> signature, long place)
    {
        var (nearest, similarity) = (-1L, 0.0);
        seen.Clear();
        for (var band = 0; band < bands.Bands; band++)
        {
            var key = KeyOf(signature, band);
            var at = last.Start(key);
            var first = last.Find(key, ref at);
            Write(record, band, first);
            for (var near = first; near >= 0; near = Before(other, band))
            {
                log.Read(near, other);
                if (!seen.Add(near)) continue;
                var s = MinHash.Similarity(signature, SignatureIn(other));
                if (s < threshold || s <= similarity) continue;
                (nearest, similarity) = (BinaryPrimitives.ReadInt64LittleEndian(other), s);
            }
        }
        if (nearest >= 0) return (nearest, similarity);
        BinaryPrimitives.WriteInt64LittleEndian(record, place);
        MemoryMarshal.AsBytes(signature).CopyTo(record.AsSpan(Place));
        Enter(log.Add(record), signature);
        return (-1, 0);
    }

    ReadOnlySpan<uint> SignatureIn(ReadOnlySpan<byte> record) => MemoryMarshal.Cast<byte, uint>(record.Slice(Place, 4 * hashes));

    int At(int band) => Place + 4 * hashes + 8 * band;

    long Before(byte[] record, int band) => BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(At(band))) - 1;

    void Write(byte[] record, int band, long before) => BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(At(band)), before + 1);

    void Enter(long number, ReadOnlySpan<uint> signature)
    {
        for (var band = 0; band < bands.Bands; band++)
        {
            if (last.IsFull)
            {
                last.Clear(last.Count + 1);
                Fill();                                              // with this document, too
                return;
            }
            var key = KeyOf(signature, band);
            var at = last.Start(key);
            last.Find(key, ref at);
            last.Put(at, key, number);
        }
    }

    /// <summary>In the order of the documents, so that each band has its last.</summary>
    void Fill() => log.ForEach((number, record) =>
    {
        for (var band = 0; band < bands.Bands; band++)
        {
            var key = KeyOf(SignatureIn(record), band);
            var at = last.Start(key);
            last.Find(key, ref at);
            last.Put(at, key, number);
        }
    });

    ulong KeyOf(ReadOnlySpan<uint> signature, int band)
    {
        var key = (ulong)band;
        foreach (var hash in signature.Slice(band * bands.Rows, bands.Rows)) key = CounterRng.Mix(key * 31 + hash + 1);
        return key;
    }

    /// <summary>Everything that cannot be made again is on the disk.</summary>
    public void Flush() => log.Flush();

    public void Dispose()
    {
        log.Dispose();
        last.Dispose();
    }
}
