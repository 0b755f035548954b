using Dayu.Tensors;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    readonly Lock packing = new();

    /// <inheritdoc/>
    public override void MatMul(Tensor y, Tensor x, Weight w) => MatMul([y], x, [w]);

    /// <inheritdoc/>
    public override void MatMul(ReadOnlySpan<Tensor> ys, Tensor x, ReadOnlySpan<Weight> ws)
    {
        var products = stackalloc Product[ws.Length];
        for (var i = 0; i < ws.Length; i++)
            products[i] = Packed(ws[i]).Into(Out(ys[i]), ys[i].Width) with { Split = ws[i].IsSensitive };
        Gemm.Multiply(machine, (float*)x.Address, x.Width, x.Rows, x.Width, new(products, ws.Length), exact);
    }

    /// <inheritdoc/>
    public override void MatMulDx(Tensor dx, Tensor dy, Weight w, bool add)
    {
        if (w.Tensor.DType == DType.F32)
        {
            GradProduct(dx, dy, 0, (float*)w.Tensor.Address, w.Out, add);
            return;
        }
        const int Rows = 256;                                        // of w, decoded at a time
        var decoded = machine.Scratch.Rent((nint)sizeof(float) * Rows * w.In);
        for (var first = 0; first < w.Out; first += Rows)
        {
            var count = Math.Min(Rows, w.Out - first);
            var rows = (byte*)w.Tensor.Address + first * w.Tensor.DType.BytesFor(w.In);
            machine.Workers.Run(new DecodeJob(rows, w.Tensor.DType, w.In, (float*)decoded.Pointer), count);
            GradProduct(dx, dy, first, (float*)decoded.Pointer, count, add || first > 0);
        }
        machine.Scratch.Return(decoded);
    }

    /// <summary>dx = dy[:, first … first + rows] · w[rows, In], or added to it.</summary>
    void GradProduct(Tensor dx, Tensor dy, int first, float* w, int rows, bool add) =>
        Gemm.Run(machine, dx.Rows, dx.Width, rows,
            new((float*)dy.Address + first, dy.Width, 1), new(w, dx.Width, 1), Out(dx), dx.Width, add, bf16);

    /// <inheritdoc/>
    public override void MatMulDw(Tensor dw, Tensor dy, Tensor x) =>
        Gemm.Run(machine, dw.Rows, dw.Width, x.Rows,
            new((float*)dy.Address, 1, dy.Width), new((float*)x.Address, x.Width, 1), Out(dw), dw.Width, accumulate: true, bf16);

    /// <summary>A chunk is a row.</summary>
    readonly struct DecodeJob(byte* rows, DType dtype, int width, float* to) : IJob
    {
        public void Run(int chunk)
        {
            var bytes = dtype.BytesFor(width);
            dtype.Decode(new(rows + chunk * bytes, (int)bytes), new(to + (nint)chunk * width, width));
        }
    }

    /// <inheritdoc/>
    public override void Pack(IReadOnlyList<Weight> weights, Action<Weight>? done = null)
    {
        lock (packing)                                               // two passes may meet a weight at once
        {
            Weight[] missing = [.. weights.Where(w => w.Packed is not PackedWeight)];
            if (missing.Length == 0) return;
            var packed = new PackedWeight[missing.Length];
            var versions = Array.ConvertAll(missing, w => w.Tensor.Version);
            for (var n = 0; n < packed.Length; n++)
                packed[n] = PackedWeight.Of(
                    machine, missing[n].Tensor.DType, (byte*)missing[n].Tensor.Address, missing[n].Out, missing[n].In, bf16);
            PackedWeight.Pack(machine, packed, [.. missing.Select(w => w.Path)], done is null ? null : n => done(missing[n]));
            for (var n = 0; n < packed.Length; n++) missing[n].Keep(packed[n], versions[n]);
        }
    }

    /// <summary>The weight in the order the kernels read it; made when it is first multiplied by.</summary>
    PackedWeight Packed(Weight w)
    {
        if (w.Packed is PackedWeight ready) return ready;
        Pack([w]);
        return (PackedWeight)w.Packed!;
    }
}
