using System.IO.MemoryMappedFiles;
using System.Numerics;

namespace Dayu.Training;

/// <summary>
/// An open addressing table in a mapped temporary file: what the machine has memory for stays there, and the rest is the system's
/// affair. Of its slots at most half are taken, so that a search is short. What it holds can be made again from a <see cref="RecordLog"/>.
/// </summary>
sealed unsafe class MappedIndex : IDisposable
{
    readonly string path;
    MemoryMappedFile? file;
    MemoryMappedViewAccessor? view;
    Slot* slots;
    long mask;

    struct Slot
    {
        public ulong Key;
        public long Value;                                           // plus one; 0: the slot is free
    }

    /// <summary>One with room for so many entries.</summary>
    /// <param name="path">The file; gone when it is disposed of.</param>
    /// <param name="entries">How many it will hold before it must be made anew.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public MappedIndex(string path, long entries)
    {
        this.path = path;
        Clear(entries);
    }

    /// <summary>Entries that it has.</summary>
    public long Count { get; private set; }

    /// <summary>Whether another entry would take more than half of the slots.</summary>
    public bool IsFull => 2 * (Count + 1) > mask + 1;

    /// <summary>Makes it anew, empty, with room for more.</summary>
    public void Clear(long entries)
    {
        Dispose();
        var count = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1 << 12, 2 * entries + 2));
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose,
            PreallocationSize = count * sizeof(Slot),                // a full disk is an error here, not a crash of the process later
        };
        var stream = new FileStream(path, options);
        stream.SetLength(count * sizeof(Slot));
        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, false);
        view = file.CreateViewAccessor();
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        slots = (Slot*)start;
        (mask, Count) = (count - 1, 0);
    }

    /// <summary>Where entries of a key begin to be searched.</summary>
    public long Start(ulong key) => (long)(key & (ulong)mask);

    /// <summary>The value of the next entry of a key from a place on, which becomes its place; -1: none, and the place is free.</summary>
    public long Find(ulong key, ref long at)
    {
        for (; ; at = (at + 1) & mask)
        {
            ref var slot = ref slots[at];
            if (slot.Value == 0) return -1;
            if (slot.Key == key) return slot.Value - 1;
        }
    }

    /// <summary>The place behind another.</summary>
    public long After(long at) => (at + 1) & mask;

    /// <summary>Puts an entry in a place that <see cref="Find"/> gave: a new one where it is free, another value where it is not.</summary>
    public void Put(long at, ulong key, long value)
    {
        ref var slot = ref slots[at];
        if (slot.Value == 0) Count++;
        (slot.Key, slot.Value) = (key, value + 1);
    }

    public void Dispose()
    {
        if (view is not null && slots != null) view.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        file?.Dispose();
        slots = null;
        (view, file) = (null, null);
    }
}
