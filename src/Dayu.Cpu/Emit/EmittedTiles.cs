using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>Emitted tiles of every height, each made when it is first called.</summary>
internal sealed unsafe class EmittedTiles(CodeMemory memory, int most, Func<int, byte[]> assemble)
{
    readonly nint[] entries = new nint[most + 1];

    /// <summary>The most rows.</summary>
    public int Most => most;

    /// <summary>The tile of that many rows: (steps, x, panel, y, stride of y, whether the sums start from y).</summary>
    /// <remarks>A tile takes microseconds at most and calls nothing, so a garbage collection can wait for it.</remarks>
    public delegate* unmanaged[SuppressGCTransition]<nint, byte*, byte*, float*, nint, nint, void> this[int rows]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var entry = Volatile.Read(ref entries[rows]);
            if (entry == 0) entry = Make(rows);
            return (delegate* unmanaged[SuppressGCTransition]<nint, byte*, byte*, float*, nint, nint, void>)entry;
        }
    }

    nint Make(int rows)
    {
        lock (entries)
        {
            if (entries[rows] == 0) Volatile.Write(ref entries[rows], memory.Add(assemble(rows)));
            return entries[rows];
        }
    }
}
