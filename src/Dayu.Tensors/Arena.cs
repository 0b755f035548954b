namespace Dayu.Tensors;

/// <summary>
/// Owns tensors. A pass has one arena: ops take their results from it, <c>Blocks</c> gives a block's temporaries back,
/// <see cref="Reset"/> gives everything back before the next pass: whoever owns the arena calls it. A lasting arena
/// (weights, caches) is simply never reset. One thread at a time may use an arena; any number of arenas may share a
/// backend.
/// </summary>
public sealed class Arena : IDisposable
{
    readonly Backend on;
    readonly List<Tensor> live = [];
    readonly HashSet<Tensor> kept = [];
    readonly List<Tensor> retired = [];                               // recycled: a stale reference is found out until the pass ends
    readonly Stack<Tensor> spare = [];                                // then the objects serve again: decoding makes no new ones
    readonly Dictionary<long, Stack<nint>> free = [];
    readonly HashSet<IDisposable> owned = [];
    bool disposed;

    /// <summary>An arena that has taken no memory yet.</summary>
    /// <param name="on">Where the memory lies.</param>
    public Arena(Backend on)
    {
        this.on = on;
        Tape = new(this);
    }

    /// <summary>The backend.</summary>
    public Backend On => on;

    /// <summary>What is in use.</summary>
    internal IReadOnlyList<Tensor> Live => live;

    /// <summary>
    /// What is free, so that a test can fill it with a pattern and see who writes where he should not.
    /// </summary>
    internal IEnumerable<(nint Memory, long Capacity)> Free =>
        free.SelectMany(shelf => shelf.Value, (shelf, memory) => (memory, shelf.Key));

    /// <summary>Bytes taken from the backend so far: in use and free.</summary>
    public long Bytes { get; private set; }

    /// <summary>What is recorded for the backward pass.</summary>
    public Tape Tape { get; }

    /// <summary>A float32 tensor of this arena, its content undefined.</summary>
    public Tensor New(Shape shape) => New(DType.F32, shape);

    /// <summary>A float32 tensor of this arena, its content undefined.</summary>
    public Tensor New(params ReadOnlySpan<long> shape) => New(DType.F32, new Shape(shape));

    /// <summary>A tensor of this arena, its content undefined.</summary>
    public Tensor New(DType dtype, Shape shape)
    {
        var t = Make(dtype, shape);
        live.Add(t);
        return t;
    }

    /// <summary>A gradient: it goes where its tensor goes.</summary>
    internal Tensor Unlisted(Shape shape) => Make(DType.F32, shape);

    internal Tensor View(Tensor of, long bytes, Shape shape)
    {
        var t = Unlisted(of, bytes, shape);
        live.Add(t);
        return t;
    }

    /// <summary>A gradient in another tensor's memory.</summary>
    internal Tensor Unlisted(Tensor of, long bytes, Shape shape)
    {
        var t = Object();
        t.Become(of, (nint)bytes, shape);
        return t;
    }

    /// <summary>Memory that is no longer needed, while the arena lives on.</summary>
    internal void GiveBack(nint memory, long capacity)
    {
        if (capacity == 0) return;
        on.Free(memory, capacity);
        Bytes -= capacity;
    }

    Tensor Object() => spare.TryPop(out var t) ? t : new(this);

    Tensor Make(DType dtype, Shape shape)
    {
        var t = Object();
        var (memory, capacity) = Rent(dtype.BytesFor(shape.Count));
        t.Become(dtype, shape, memory, capacity);
        return t;
    }

    /// <summary>An I32 tensor of one axis.</summary>
    public Tensor Ints(ReadOnlySpan<int> values) => New(DType.I32, new Shape(values.Length)).Set(values);

    /// <summary>
    /// A tensor over bytes of the host that outlive this arena: shared where the device can read them, else copied.
    /// </summary>
    public unsafe Tensor Map(DType dtype, Shape shape, nint host)
    {
        if (on.Map(host) is not 0 and var mapped)
        {
            var over = new Tensor(this);
            over.Become(dtype, shape, mapped, 0);
            return over;
        }
        var t = New(dtype, shape);
        for (long at = 0, n; at < t.Bytes; at += n)
        {
            n = Math.Min(t.Bytes - at, 1 << 30);
            on.Upload(new((void*)(host + (nint)at), (int)n), t.WriteAddress + (nint)at);
        }
        return t;
    }

    /// <summary>
    /// Disposes of <paramref name="resource"/> together with this arena: the file that its tensors map, say.
    /// </summary>
    public void Owns(IDisposable resource) => owned.Add(resource);

    /// <summary>Lets go of it: somebody else disposes of it.</summary>
    public void Disowns(IDisposable resource) => owned.Remove(resource);

    /// <summary>Where the list of living tensors ends now; for <see cref="Recycle"/>.</summary>
    public int Mark() => live.Count;

    /// <summary>Lets a tensor of a block live until the end of the pass.</summary>
    public Tensor Keep(Tensor t)
    {
        kept.Add(t);
        return t;
    }

    /// <summary>
    /// Takes back the memory of every tensor made since the mark but <paramref name="keep"/> and those kept for the
    /// pass.
    /// </summary>
    public void Recycle(int mark, Tensor? keep = null)
    {
        var end = mark;
        for (var i = mark; i < live.Count; i++)
        {
            var t = live[i];
            if (t == keep || kept.Contains(t)) live[end++] = t;
            else Retire(t);
        }
        live.RemoveRange(end, live.Count - end);
    }

    /// <summary>Ends the pass: all memory is free again. Tensors of the pass must not be used any more.</summary>
    public void Reset()
    {
        Tape.Clear();
        kept.Clear();
        Recycle(0);
        foreach (var t in retired) spare.Push(t);
        retired.Clear();
    }

    void Retire(Tensor t)
    {
        var (memory, capacity, grad) = t.Take();
        if (capacity > 0) Shelf(capacity).Push(memory);
        retired.Add(t);
        if (grad is not null) Retire(grad);
    }

    Stack<nint> Shelf(long capacity) => free.TryGetValue(capacity, out var shelf) ? shelf : free[capacity] = new();

    (nint Memory, long Capacity) Rent(long bytes)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var capacity = SizeClass(bytes);
        if (free.TryGetValue(capacity, out var shelf) && shelf.TryPop(out var memory)) return (memory, capacity);
        memory = on.Allocate(capacity);
        Bytes += capacity;
        return (memory, capacity);
    }

    /// <summary>
    /// Sizes a quarter of a power of two apart: passes of different lengths can use each other's memory, at most a
    /// fifth is wasted.
    /// </summary>
    static long SizeClass(long bytes)
    {
        if (bytes <= 256) return 256;
        var step = 1L << (63 - (int)long.LeadingZeroCount(bytes - 1)) >> 2;
        return (bytes + step - 1) / step * step;
    }

    /// <summary>Gives everything back to the backend.</summary>
    public void Dispose()
    {
        if (disposed) return;
        Reset();
        disposed = true;
        foreach (var (capacity, shelf) in free) foreach (var memory in shelf) on.Free(memory, capacity);
        foreach (var resource in owned) resource.Dispose();
    }
}
