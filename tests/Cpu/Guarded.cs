using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>
/// Native memory between two guards: <see cref="Check"/> fails when somebody wrote beside it. Reads beside it meet NaN.
/// </summary>
internal sealed unsafe class Guarded<T> : IDisposable where T : unmanaged
{
    const int Guard = 256;
    readonly NativeBuffer memory;

    public Guarded(int count)
    {
        Count = count;
        memory = new(2 * Guard + (nint)count * sizeof(T));
        new Span<byte>(memory.Pointer, (int)memory.Bytes).Fill(0xff);
        Span.Clear();
    }

    public Guarded(ReadOnlySpan<T> values) : this(values.Length) => values.CopyTo(Span);

    public int Count { get; }
    public T* Pointer => (T*)(memory.Pointer + Guard);
    public Span<T> Span => new(Pointer, Count);

    public void Check()
    {
        var before = new Span<byte>(memory.Pointer, Guard);
        var after = new Span<byte>(memory.Pointer + memory.Bytes - Guard, Guard);
        Assert.False(before.ContainsAnyExcept((byte)0xff), "wrote before the buffer");
        Assert.False(after.ContainsAnyExcept((byte)0xff), "wrote behind the buffer");
    }

    public void Dispose()
    {
        Check();
        memory.Dispose();
    }
}
