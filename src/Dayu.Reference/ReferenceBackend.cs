using System.Runtime.InteropServices;
using Dayu.Tensors;

namespace Dayu.Reference;

/// <summary>
/// Every op as its paper writes it: plain loops over rows, sums in double, one file an op, named as in
/// <c>Dayu.Tensors/Ops</c>. Slow and obvious: the oracle of faster backends. It overrides no fused op, so that these
/// are checked against their composition. Thread-safe.
/// </summary>
/// <param name="bf16">Products with float32 weights, forward and backward, round their operands to bfloat16; sums stay
/// exact.</param>
public sealed unsafe partial class ReferenceBackend(bool bf16 = false) : Backend
{
    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override nint Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        try { return (nint)NativeMemory.AlignedAlloc((nuint)bytes, 64); }
        catch (OutOfMemoryException e) { throw new InsufficientMemoryException("reference: "
            + $"this machine did not give {bytes:N0} bytes", e); }
    }

    /// <inheritdoc/>
    public override void Free(nint address, long bytes) => NativeMemory.AlignedFree((void*)address);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<byte> from, nint to) => from.CopyTo(new((void*)to, from.Length));

    /// <inheritdoc/>
    public override void Download(nint from, Span<byte> to) => new ReadOnlySpan<byte>((void*)from, to.Length).CopyTo(to);

    /// <summary>Host memory is this backend's own.</summary>
    public override nint Map(nint host) => host;

    /// <inheritdoc/>
    public override void Fill(Tensor y, float value)
    {
        for (var t = 0; t < y.Rows; t++) Row(y, t).Fill(value);
    }

    /// <summary>Row <paramref name="r"/> of a float32 tensor, to write to.</summary>
    static Span<float> Row(Tensor x, int r) =>
        x.DType == DType.F32 ? new((float*)x.WriteAddress + (long)r * x.Width, x.Width)
        : throw new ShapeException($"reference: {x} is to be written or added to; only float32 can be");

    /// <summary>Row <paramref name="r"/> of a tensor in any number format, decoded unless it is float32.</summary>
    static ReadOnlySpan<float> Read(Tensor x, int r)
    {
        if (x.DType == DType.F32) return new((float*)x.Address + (long)r * x.Width, x.Width);
        var values = new float[x.Width];
        x.DType.Decode(Packed(x, r), values);
        return values;
    }

    /// <summary>The bytes of row <paramref name="r"/>.</summary>
    static Span<byte> Packed(Tensor x, int r)
    {
        var bytes = checked((int)x.DType.BytesFor(x.Width));
        return new((byte*)x.Address + (long)r * bytes, bytes);
    }

    /// <summary>The same, to be written to.</summary>
    static Span<byte> Written(Tensor x, int r)
    {
        _ = x.WriteAddress;
        return Packed(x, r);
    }

    /// <summary>A vector of integers.</summary>
    static ReadOnlySpan<int> Ints(Tensor x) =>
        x.DType == DType.I32 ? new((int*)x.Address, checked((int)x.Shape.Count))
        : throw new ShapeException($"reference: {x} should hold integers (i32)");

    /// <summary>Σ aᵢ·bᵢ.</summary>
    static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }

    /// <summary>Checks a number that comes from users (an id, row or target) before it is used as an index.</summary>
    static void InRange(string op, string what, int found, int position, int count)
    {
        if ((uint)found >= (uint)count)
            throw new ArgumentOutOfRangeException(what, found, $"{op}: {what} {found} at position {position}, expected 0 … {count - 1}");
    }
}
