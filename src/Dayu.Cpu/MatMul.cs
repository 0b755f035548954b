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
        for (var i = 0; i < ws.Length; i++) products[i] = Packed(ws[i]).Into((float*)ys[i].Address, ys[i].Width);
        Gemm.Multiply(machine, (float*)x.Address, x.Width, x.Rows, x.Width, new(products, ws.Length), exact);
    }

    /// <inheritdoc/>
    public override void MatMulDx(Tensor dx, Tensor dy, Weight w)
    {
        if (w.Tensor.DType == DType.F32)
        {
            AddProduct(dx, dy, 0, (float*)w.Tensor.Address, w.Out);
            return;
        }
        const int Rows = 256;                                        // of w, decoded at a time
        var decoded = machine.Scratch.Rent((nint)sizeof(float) * Rows * w.In);
        for (var first = 0; first < w.Out; first += Rows)
        {
            var count = Math.Min(Rows, w.Out - first);
            machine.Workers.Run(new DecodeJob((byte*)w.Tensor.Address + first * w.Tensor.DType.BytesFor(w.In), w.Tensor.DType, w.In, (float*)decoded.Pointer), count);
            AddProduct(dx, dy, first, (float*)decoded.Pointer, count);
        }
        machine.Scratch.Return(decoded);
    }

    /// <summary>dx += dy[:, first … first + rows] · w[rows, In].</summary>
    void AddProduct(Tensor dx, Tensor dy, int first, float* w, int rows) =>
        Gemm.Run(machine, dx.Rows, dx.Width, rows, new((float*)dy.Address + first, dy.Width, 1), new(w, dx.Width, 1), (float*)dx.Address, dx.Width, accumulate: true, bf16);

    /// <inheritdoc/>
    public override void MatMulDw(Tensor dw, Tensor dy, Tensor x) =>
        Gemm.Run(machine, dw.Rows, dw.Width, x.Rows, new((float*)dy.Address, 1, dy.Width), new((float*)x.Address, x.Width, 1), (float*)dw.Address, dw.Width, accumulate: true, bf16);

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
    public override void Prepare(Weight weight) => Packed(weight);

    /// <summary>The weight in the order the kernels read it; made when it is first multiplied by.</summary>
    PackedWeight Packed(Weight w) => w.Prepared as PackedWeight ?? Pack(w);

    PackedWeight Pack(Weight w)
    {
        lock (packing)                                               // two passes may meet a weight at once
        {
            if (w.Prepared is PackedWeight made) return made;
            var packed = PackedRows((byte*)w.Tensor.Address, w.Tensor.DType, w.Out, w.In);
            w.Prepared = packed;
            return packed;
        }
    }

    /// <summary>Three formats are multiplied as they lie; any other of integers lies as its form says.</summary>
    PackedWeight PackedRows(byte* rows, DType dtype, int outputs, int depth)
    {
        var stride = (nint)dtype.BytesFor(depth);
        return dtype.Name switch
        {
            "f32" when bf16 => PackedWeight.Rounded(machine, (float*)rows, depth, outputs, depth),
            "f32" => PackedWeight.From(machine, (F32*)rows, depth, outputs, depth),
            "f16" => PackedWeight.From(machine, (F16*)rows, depth, outputs, depth),
            "bf16" => PackedWeight.From(machine, (BF16*)rows, depth, outputs, depth),
            "q8_0" => PackedWeight.FromQ8_0(machine, rows, stride, outputs, depth),
            "q4_0" => PackedWeight.FromQ4_0(machine, rows, stride, outputs, depth),
            "q4_1" => PackedWeight.FromQ4_1(machine, rows, stride, outputs, depth),
            _ => dtype.Form is not null ? PackedWeight.FromForm(machine, dtype, rows, stride, outputs, depth) : throw new NotSupportedException($"matmul: weights cannot be {dtype}"),
        };
    }
}
