using System.Runtime.CompilerServices;

namespace Dayu.Text;

/// <summary>Ids on their way into a list: one reused array, written without a bounds check for each id.</summary>
sealed class IdBuffer
{
    /// <summary>What lies beyond <see cref="Count"/> is free.</summary>
    int[] items = new int[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => items.AsSpan(0, Count);

    /// <summary>Removes all ids, and releases memory for more than <paramref name="kept"/>.</summary>
    public void Clear(int kept)
    {
        Count = 0;
        if (items.Length > kept) items = new int[1024];
    }

    /// <summary>Removes all but the first so many.</summary>
    public void Truncate(int count) => Count = count;

    /// <summary>Free memory for so many ids; <see cref="Advance"/> keeps what was written there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> Free(int room)
    {
        if (items.Length - Count < room) Array.Resize(ref items, Math.Max(2 * items.Length, Count + room));
        return items.AsSpan(Count);
    }

    /// <summary>Keeps so many of the ids written to <see cref="Free"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count) => Count += count;

    public void Add(int id)
    {
        Free(1)[0] = id;
        Count++;
    }

    public void AddRange(ReadOnlySpan<int> ids)
    {
        ids.CopyTo(Free(ids.Length));
        Count += ids.Length;
    }
}
