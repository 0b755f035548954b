using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void CopyColumns(Tensor y, int to, Tensor x, int from, int width) =>
        Rows(new CopyColumnsRow(Out(y) + to, y.Width, Floats(x) + from, x.Width, width), y.Rows, width);

    /// <inheritdoc/>
    public override void AddColumns(Tensor y, int to, Tensor x, int from, int width) =>
        Rows(new AddColumnsRow(Out(y) + to, y.Width, Floats(x) + from, x.Width, width), y.Rows, width);

    readonly struct CopyColumnsRow(float* y, int yStride, float* x, int xStride, int width) : IRow
    {
        public void At(int r) => new ReadOnlySpan<float>(x + (long)r * xStride, width).CopyTo(new(y + (long)r * yStride, width));
    }

    readonly struct AddColumnsRow(float* y, int yStride, float* x, int xStride, int width) : IRow
    {
        public void At(int r) => AddScaled(y + (long)r * yStride, 1, x + (long)r * xStride, width);
    }
}
