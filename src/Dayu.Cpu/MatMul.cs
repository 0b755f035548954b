using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor y, Tensor x, Weight w) =>
        Rows(new MatMulRow(Floats(y), Floats(x), x.Rows, w.Out, w.In, w.Tensor.DType, (byte*)w.Tensor.Address, machine.Scratch), w.Out, (long)x.Rows * w.In);

    /// <inheritdoc/>
    public override void MatMulDx(Tensor dx, Tensor dy, Weight w)
    {
        var row = dy.Arena.New(w.In);
        for (var o = 0; o < w.Out; o++)
        {
            Decode(w.Tensor.DType, (byte*)w.Tensor.Address, o, Floats(row), w.In);
            Rows(new MatMulDxRow(Floats(dx), Floats(dy), Floats(row), o, w.Out, w.In), dx.Rows, w.In);
        }
    }

    /// <inheritdoc/>
    public override void MatMulDw(Tensor dw, Tensor dy, Tensor x) => Rows(new MatMulDwRow(Floats(dw), Floats(dy), Floats(x), x.Rows, dw.Rows, x.Width), dw.Rows, (long)x.Rows * x.Width);

    static void Decode(DType dtype, byte* table, int row, float* to, int width)
    {
        var bytes = (int)dtype.BytesFor(width);
        dtype.Decode(new(table + (long)row * bytes, bytes), new(to, width));
    }

    readonly struct MatMulRow(float* y, float* x, int rows, int outputs, int width, DType dtype, byte* w, Scratch scratch) : IRow
    {
        public void At(int o)
        {
            var buffer = scratch.Rent((nint)width * sizeof(float));
            Decode(dtype, w, o, (float*)buffer.Pointer, width);
            for (var t = 0; t < rows; t++) y[(long)t * outputs + o] = Dot(x + (long)t * width, (float*)buffer.Pointer, width);
            scratch.Return(buffer);
        }
    }

    readonly struct MatMulDxRow(float* dx, float* dy, float* row, int o, int outputs, int width) : IRow
    {
        public void At(int t) => AddScaled(dx + (long)t * width, dy[(long)t * outputs + o], row, width);
    }

    readonly struct MatMulDwRow(float* dw, float* dy, float* x, int rows, int outputs, int width) : IRow
    {
        public void At(int o)
        {
            for (var t = 0; t < rows; t++) AddScaled(dw + (long)o * width, dy[(long)t * outputs + o], x + (long)t * width, width);
        }
    }
}
