using System.Runtime.InteropServices;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// What a case gave: its output, and the gradient of each input that wants one under Σ weight · output (the weights are
/// arbitrary but fixed).
/// </summary>
public sealed record OpRun(float[] Output, float[]?[] Gradients)
{
    /// <summary>
    /// Runs a case among guards. It runs twice: first to make an arena take what memory the case needs, then with all
    /// of that memory filled with ones (NaN as float32), so that a result which was not written, or depends on what
    /// lies beyond an input's end, is NaN; and what lies beyond a result's end must still be ones. Both runs must give
    /// the same bits.
    /// </summary>
    public static OpRun Guarded(Backend on, OpCase c, Func<Operands, Tensor>? instead = null)
    {
        using var arena = new Arena(on);
        var first = Once(arena, c, instead ?? c.Run, guarded: false);
        arena.Reset();
        foreach (var (memory, capacity) in arena.Free) on.Upload(Ones(capacity), memory);
        var bytes = arena.Bytes;
        var second = Once(arena, c, instead ?? c.Run, guarded: true);
        if (arena.Bytes != bytes)
            throw new InvalidOperationException($"{c.Name}: the second run took {arena.Bytes - bytes} bytes more than the first");
        if (!first.SameBits(second))
            throw new InvalidOperationException($"{c.Name}: the second run, which met NaNs in memory, gave other bits than the first");
        return second;
    }

    /// <summary>Runs a case once, without guards.</summary>
    public static OpRun Plain(Backend on, OpCase c)
    {
        using var arena = new Arena(on);
        return Once(arena, c, c.Run, guarded: false);
    }

    static OpRun Once(Arena arena, OpCase c, Func<Operands, Tensor> run, bool guarded)
    {
        var o = c.Operands(arena);
        // made now, while no memory of this pass has been used twice
        for (var i = 0; i < o.Count; i++) if (o[i].NeedsGrad) _ = o[i].Grad;
        var y = run(o);
        var output = y.ToArray();
        if (guarded) foreach (var t in arena.Live) Unharmed(t, c.Name);
        if (y.NeedsGrad && c.HasGradient) y.Backward(Weights(output.Length));
        var gradients = new float[]?[o.Count];
        for (var i = 0; i < o.Count; i++)
        {
            if (!o[i].NeedsGrad) continue;
            if (guarded) Unharmed(o[i], c.Name);
            if (guarded) Unharmed(o[i].Grad, c.Name);
            gradients[i] = o[i].Grad.ToArray();
        }
        return new(output, gradients);
    }

    /// <summary>±(0.1 … 1.1): every value of the output counts, each differently.</summary>
    public static float[] Weights(int count) => new Input(DType.F32, new(count)).Values(99);

    static byte[] Ones(long count)
    {
        var ones = new byte[count];
        ones.AsSpan().Fill(0xff);
        return ones;
    }

    static void Unharmed(Tensor t, string name)
    {
        if (t.Capacity == 0) return;
        var beyond = new byte[t.Capacity - t.Bytes];
        t.On.Download(t.Address + (nint)t.Bytes, beyond);
        var first = beyond.AsSpan().IndexOfAnyExcept((byte)0xff);
        if (first >= 0) throw new InvalidOperationException($"{name}: byte {first} beyond the end of {t} was written to");
    }

    /// <summary>Whether every number is the same, bit for bit.</summary>
    public bool SameBits(OpRun other)
    {
        var same = Same(Output, other.Output);
        for (var i = 0; i < Gradients.Length; i++) same &= Same(Gradients[i], other.Gradients[i]);
        return same;
    }

    static bool Same(float[]? a, float[]? b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}
