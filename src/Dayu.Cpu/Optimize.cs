using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AdamW(Tensor x, Tensor m, Tensor v, Tensor dx, AdamWStep step) =>
        Each(new AdamWEach(Out(x), Out(m), Out(v), Floats(dx), step, step.StepSize, 1 / step.RootOfBias2), x.Shape.Count);

    /// <inheritdoc/>
    public override void AccumulateScaled(Tensor y, Tensor x, float factor) =>
        Each(new AccumulateScaledEach(Out(y), Floats(x), factor), y.Shape.Count);

    /// <inheritdoc/>
    public override void Lerp(Tensor y, Tensor x, float share) => Each(new LerpEach(Out(y), Floats(x), share), y.Shape.Count);

    /// <inheritdoc/>
    public override void Exchange(Tensor x, Tensor y) => Each(new ExchangeEach(Out(x), Out(y)), x.Shape.Count);

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x)
    {
        var chunks = checked((int)((x.Shape.Count + ChunkValues - 1) / ChunkValues));
        var sums = new double[chunks];
        fixed (double* to = sums) machine.Workers.Run(new SumOfSquaresJob(to, Floats(x), x.Shape.Count), chunks);
        var sum = 0.0;
        foreach (var part in sums) sum += part;
        return sum;
    }

    readonly struct AdamWEach(float* x, float* m, float* v, float* dx, AdamWStep step, float stepSize, float overBias2) : IEach
    {
        public void At(long i, long n)
        {
            var g = Load(dx + i, n) * step.Scale;
            var first = Fma(Load(m + i, n), Vector512.Create(step.Beta1), g * (1 - step.Beta1));
            var second = Fma(Load(v + i, n), Vector512.Create(step.Beta2), g * g * (1 - step.Beta2));
            var root = Fma(Vector512.Sqrt(second), Vector512.Create(overBias2), Vector512.Create(step.Epsilon));
            var kept = Load(x + i, n) * (1 - step.Rate * step.Decay);
            Store(first, m + i, n);
            Store(second, v + i, n);
            Store(kept - first * stepSize / root, x + i, n);
        }
    }

    readonly struct AccumulateScaledEach(float* y, float* x, float factor) : IEach
    {
        public void At(long i, long n) => Store(Fma(Load(x + i, n), Vector512.Create(factor), Load(y + i, n)), y + i, n);
    }

    readonly struct LerpEach(float* y, float* x, float share) : IEach
    {
        public void At(long i, long n)
        {
            var from = Load(y + i, n);
            Store(Fma(Load(x + i, n) - from, Vector512.Create(share), from), y + i, n);
        }
    }

    readonly struct ExchangeEach(float* x, float* y) : IEach
    {
        public void At(long i, long n)
        {
            var (one, other) = (Load(x + i, n), Load(y + i, n));
            Store(other, x + i, n);
            Store(one, y + i, n);
        }
    }

    /// <summary>A sum for each chunk, in float64: a sum of many squares in float32 loses its last digits.</summary>
    readonly struct SumOfSquaresJob(double* sums, float* x, long count) : IJob
    {
        public void Run(int chunk)
        {
            var (start, end) = ((long)chunk * ChunkValues, Math.Min(((long)chunk + 1) * ChunkValues, count));
            var sum = Vector512<double>.Zero;
            for (var i = start; i < end; i += 16)
            {
                var (low, high) = Vector512.Widen(Load(x + i, end - i));
                sum += low * low + high * high;
            }
            sums[chunk] = Vector512.Sum(sum);
        }
    }
}
