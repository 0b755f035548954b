using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Rows in a chunk of a norm's backward pass, whose gradients of the norm's vectors are added in chunk order.</summary>
    const int ShareRows = 64;

    /// <inheritdoc/>
    public override void RmsNorm(Tensor y, Tensor rstd, Tensor x, Tensor g, float eps) =>
        Rows(new RmsNormRow(Out(y), Out(rstd), Floats(x), Floats(g), g.Width, eps), checked((int)rstd.Shape.Count), 2L * g.Width);

    /// <inheritdoc/>
    public override void RmsNormBackward(Tensor? dx, Tensor? dg, Tensor dy, Tensor x, Tensor g, Tensor rstd)
    {
        var rows = checked((int)rstd.Shape.Count);
        var shares = (rows + ShareRows - 1) / ShareRows;
        var share = dg is null ? null : dy.Arena.New(shares, g.Width);
        var job = new RmsNormBackwardJob(
            OutOrNull(dx), OutOrNull(share), Floats(dy), Floats(x), Floats(g), Floats(rstd), rows, g.Width);
        machine.Workers.Run(job, shares);
        if (dg is not null) Accumulate(dg, share!);
    }

    readonly struct RmsNormRow(float* y, float* rstd, float* x, float* g, int width, float eps) : IRow
    {
        public void At(int r)
        {
            float* own = x + (long)r * width, to = y + (long)r * width;
            var scale = 1 / MathF.Sqrt(Dot(own, own, width) / width + eps);
            rstd[r] = scale;
            for (var i = 0; i < width; i += 16) Store(Load(own + i, width - i) * scale * Load(g + i, width - i), to + i, width - i);
        }
    }

    /// <summary>With n = x·rstd and d = dy·g: dg += Σ dy·n, dx += rstd·(d − n·mean(d·n)).</summary>
    readonly struct RmsNormBackwardJob(float* dx, float* share, float* dy, float* x, float* g, float* rstd, int rows, int width) : IJob
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
            var scale = Vector512.Create(rstd[r]);
            var dot = V.Zero;
            for (var i = 0; i < width; i += 16)
            {
                var n = Load(own + i, width - i) * scale;
                var d = Load(grad + i, width - i);
                if (dg != null) Store(Fma(d, n, Load(dg + i, width - i)), dg + i, width - i);
                dot = Fma(d * Load(g + i, width - i), n, dot);
            }
            if (dx == null) return;
            var mean = Vector512.Create(Sum(dot) / width);
            for (var i = 0; i < width; i += 16)
            {
                var n = Load(own + i, width - i) * scale;
                var d = Load(grad + i, width - i) * Load(g + i, width - i);
                Store(Fma(scale, Fma(-n, mean, d), Load(dx + at + i, width - i)), dx + at + i, width - i);
            }
        }
    }
}
