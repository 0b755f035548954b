using System.Buffers.Binary;

namespace Dayu.Training;

/// <summary>
/// Documents that say the same but for case, spaces and punctuation, in files: the memory of the process does not grow with them. A hash is
/// cut to 16 bytes (SHA-256): two of 10⁹ documents that differ share one with a chance of 10⁻²¹.
/// </summary>
sealed class ExactIndex : IDisposable
{
    const int Size = 24;                                             // the hash, the document's place

    readonly RecordLog log;
    readonly MappedIndex index;

    /// <summary>Opens it.</summary>
    /// <param name="folder">Of its files.</param>
    /// <param name="count">Documents that it knows already.</param>
    public ExactIndex(string folder, long count)
    {
        log = new(Path.Combine(folder, "exact.log"), Size, count);
        index = new(Path.Combine(folder, "exact.index"), count);
        Fill();
    }

    /// <summary>Documents that are unlike all others.</summary>
    public long Count => log.Count;

    /// <summary>Keeps a document; or tells the place of the one that it repeats: -1, it repeats none.</summary>
    public long Add(UInt128 hash, long place)
    {
        var key = (ulong)(hash >> 64);
        var at = index.Start(key);
        Span<byte> record = stackalloc byte[Size];
        for (long found; (found = index.Find(key, ref at)) >= 0; at = index.After(at))
        {
            log.Read(found, record);
            if (BinaryPrimitives.ReadUInt128LittleEndian(record) == hash) return BinaryPrimitives.ReadInt64LittleEndian(record[16..]);
        }
        BinaryPrimitives.WriteUInt128LittleEndian(record, hash);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], place);
        index.Put(at, key, log.Add(record));
        if (index.IsFull) Grow();
        return -1;
    }

    void Grow()
    {
        index.Clear(log.Count + 1);
        Fill();
    }

    void Fill() => log.ForEach((number, record) =>
    {
        var key = (ulong)(BinaryPrimitives.ReadUInt128LittleEndian(record) >> 64);
        var at = index.Start(key);
        while (index.Find(key, ref at) >= 0) at = index.After(at);
        index.Put(at, key, number);
    });

    /// <summary>Everything that cannot be made again is on the disk.</summary>
    public void Flush() => log.Flush();

    public void Dispose()
    {
        log.Dispose();
        index.Dispose();
    }
}
