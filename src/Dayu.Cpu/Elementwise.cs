using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Columns that one chunk sums over all rows.</summary>
    const int StripColumns = 128;

    /// <inheritdoc/>
    public override void Fill(Tensor y, float value) => Each(new FillEach(Out(y), value), y.Shape.Count);

    /// <inheritdoc/>
    public override void Unary<TFn>(Tensor y, Tensor x) => Each(new UnaryEach<TFn>(Out(y), Floats(x)), y.Shape.Count);

    /// <inheritdoc/>
    public override void UnaryBackward<TFn>(Tensor dx, Tensor dy, Tensor x) =>
        Each(new UnaryBackwardEach<TFn>(Out(dx), Floats(dy), Floats(x)), x.Shape.Count);

    /// <inheritdoc/>
    public override void Add(Tensor y, Tensor a, Tensor b)
    {
        if (a.Shape == b.Shape) Each(new AddEach(Out(y), Floats(a), Floats(b)), y.Shape.Count);
        else Rows(new AddRow(Out(y), Floats(a), Floats(b), y.Width), y.Rows, y.Width);
    }

    /// <inheritdoc/>
    public override void Mul(Tensor y, Tensor a, Tensor b) => Each(new MulEach(Out(y), Floats(a), Floats(b)), y.Shape.Count);

    /// <inheritdoc/>
    public override void Scale(Tensor y, Tensor x, float factor) => Each(new ScaleEach(Out(y), Floats(x), factor), y.Shape.Count);

    /// <inheritdoc/>
    public override void Accumulate(Tensor y, Tensor x)
    {
        if (y.Shape.Count == x.Shape.Count) Each(new AddEach(Out(y), Floats(y), Floats(x)), y.Shape.Count);
        else machine.Workers.Run(new SumRowsJob(Out(y), Floats(x), x.Rows, x.Width), (x.Width + StripColumns - 1) / StripColumns);
    }

    /// <inheritdoc/>
    public override void AccumulateProduct(Tensor y, Tensor a, Tensor b) =>
        Each(new AccumulateProductEach(Out(y), Floats(a), Floats(b)), y.Shape.Count);

    readonly struct FillEach(float* y, float value) : IEach
    {
        public void At(long i, long n) => Store(Vector512.Create(value), y + i, n);
    }

    readonly struct UnaryEach<TFn>(float* y, float* x) : IEach where TFn : struct, IUnary
    {
        public void At(long i, long n) => Store(TFn.F(Load(x + i, n)), y + i, n);
    }

    readonly struct UnaryBackwardEach<TFn>(float* dx, float* dy, float* x) : IEach where TFn : struct, IUnary
    {
        public void At(long i, long n) => Store(Load(dx + i, n) + Load(dy + i, n) * TFn.D(Load(x + i, n)), dx + i, n);
    }

    readonly struct AddEach(float* y, float* a, float* b) : IEach
    {
        public void At(long i, long n) => Store(Load(a + i, n) + Load(b + i, n), y + i, n);
    }

    readonly struct MulEach(float* y, float* a, float* b) : IEach
    {
        public void At(long i, long n) => Store(Load(a + i, n) * Load(b + i, n), y + i, n);
    }

    readonly struct ScaleEach(float* y, float* x, float factor) : IEach
    {
        public void At(long i, long n) => Store(Load(x + i, n) * factor, y + i, n);
    }

    readonly struct AccumulateProductEach(float* y, float* a, float* b) : IEach
    {
        public void At(long i, long n) => Store(Fma(Load(a + i, n), Load(b + i, n), Load(y + i, n)), y + i, n);
    }

    readonly struct AddRow(float* y, float* a, float* b, int width) : IRow
    {
        public void At(int r)
        {
            var at = (long)r * width;
            for (var i = 0; i < width; i += 16) Store(Load(a + at + i, width - i) + Load(b + i, width - i), y + at + i, width - i);
        }
    }

    /// <summary>Adds the rows of x to one row: each chunk some columns, rows ascending.</summary>
    readonly struct SumRowsJob(float* y, float* x, int rows, int width) : IJob
    {
        public void Run(int chunk)
        {
            var (start, end) = (chunk * StripColumns, Math.Min((chunk + 1) * StripColumns, width));
            for (var r = 0; r < rows; r++)
            {
                var row = x + (long)r * width;
                for (var c = start; c < end; c += 16) Store(Load(y + c, end - c) + Load(row + c, end - c), y + c, end - c);
            }
        }
    }
}
