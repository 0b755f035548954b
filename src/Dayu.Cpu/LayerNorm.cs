using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor g, Tensor b, float eps) =>
        Rows(new LayerNormRow(Out(y), Out(mean), Out(rstd), Floats(x), Floats(g), Floats(b), x.Width, eps), x.Rows, 3L * x.Width);

    /// <inheritdoc/>
    public override void LayerNormBackward(Tensor? dx, Tensor? dg, Tensor? db, Tensor dy, Tensor x, Tensor g, Tensor mean, Tensor rstd)
    {
        var shares = (x.Rows + ShareRows - 1) / ShareRows;
        var share = dg is null ? null : dy.Arena.New(shares, x.Width);
        var job = new LayerNormBackwardJob(
            OutOrNull(dx), OutOrNull(share), Floats(dy), Floats(x), Floats(g), Floats(mean), Floats(rstd), x.Rows, x.Width);
        machine.Workers.Run(job, shares);
        if (dg is not null) Accumulate(dg, share!);
        if (db is not null) Accumulate(db, dy);
    }

    readonly struct LayerNormRow(float* y, float* mean, float* rstd, float* x, float* g, float* b, int width, float eps) : IRow
    {
        public void At(int r)
        {
            float* own = x + (long)r * width, to = y + (long)r * width;
            var sum = V.Zero;
            for (var i = 0; i < width; i += 16) sum += Load(own + i, width - i);
            var middle = Sum(sum) / width;
            var squares = V.Zero;
            for (var i = 0; i < width; i += 16)
            {
                var d = Load(own + i, width - i, middle) - Vector512.Create(middle);
                squares = Fma(d, d, squares);
            }
            var scale = 1 / MathF.Sqrt(Sum(squares) / width + eps);
            (mean[r], rstd[r]) = (middle, scale);
            for (var i = 0; i < width; i += 16)
            {
                var n = (Load(own + i, width - i) - Vector512.Create(middle)) * scale;
                Store(Fma(n, Load(g + i, width - i), Load(b + i, width - i)), to + i, width - i);
            }
        }
    }

    /// <summary>With n = (x − mean)·rstd and d = dy·g: dg += Σ dy·n, dx += rstd·(d − mean(d) − n·mean(d·n)).</summary>
    readonly struct LayerNormBackwardJob(
        float* dx, float* share, float* dy, float* x, float* g, float* mean, float* rstd, int rows, int width) : IJob
    {
        public void Run(int chunk)
        {
            var dg = share == null ? null : share + (long)chunk * width;
            if (dg != null) new Span<float>(dg, width).Clear();
            for (int r = chunk * ShareRows, end = Math.Min(rows, r + ShareRows); r < end; r++) Row(r, dg);
        }

        void Row(int r, float* dg)
        {
            var at = (long)r * width;
            float* own = x + at, grad = dy + at;
            var (scale, middle) = (Vector512.Create(rstd[r]), Vector512.Create(mean[r]));
            var (sum, dot) = (V.Zero, V.Zero);
            for (var i = 0; i < width; i += 16)
            {
                var n = (Load(own + i, width - i, middle[0]) - middle) * scale;
                var d = Load(grad + i, width - i);
                if (dg != null) Store(Fma(d, n, Load(dg + i, width - i)), dg + i, width - i);
                d *= Load(g + i, width - i);
                sum += d;
                dot = Fma(d, n, dot);
            }
            if (dx == null) return;
            var (meanD, meanDn) = (Vector512.Create(Sum(sum) / width), Vector512.Create(Sum(dot) / width));
            for (var i = 0; i < width; i += 16)
            {
                var n = (Load(own + i, width - i) - middle) * scale;
                var d = Load(grad + i, width - i) * Load(g + i, width - i);
                Store(Fma(scale, d - meanD - n * meanDn, Load(dx + at + i, width - i)), dx + at + i, width - i);
            }
        }
    }
}
