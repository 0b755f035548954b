using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void RmsNorm(Tensor y, Tensor rstd, Tensor x, Tensor g, float eps)
    {
        var gain = Read(g, 0);
        var (width, heads) = (g.Width, x.Width / g.Width);
        for (var t = 0; t < x.Rows; t++)
            for (var h = 0; h < heads; h++)
            {
                var xh = Read(x, t).Slice(h * width, width);
                var yh = Row(y, t).Slice(h * width, width);
                var r = 1 / Math.Sqrt(Dot(xh, xh) / width + eps);
                for (var c = 0; c < width; c++) yh[c] = (float)(xh[c] * r * gain[c]);
                Row(rstd, 0)[t * heads + h] = (float)r;
            }
    }

    /// <summary>
    /// With r = (Σx²/C + eps)^−½: ∂r/∂xⱼ = −r³·xⱼ/C, so dxⱼ = r·gⱼ·dyⱼ − r³·xⱼ/C · Σᵢ dyᵢ·gᵢ·xᵢ, and dgⱼ = Σ over rows of dyⱼ·xⱼ·r.
    /// </summary>
    public override void RmsNormBackward(Tensor? dx, Tensor? dg, Tensor dy, Tensor x, Tensor g, Tensor rstd)
    {
        var gain = Read(g, 0);
        var (width, heads) = (g.Width, x.Width / g.Width);
        var dgain = new double[width];
        for (var t = 0; t < x.Rows; t++)
            for (var h = 0; h < heads; h++)
            {
                ReadOnlySpan<float> xh = Read(x, t).Slice(h * width, width), d = Read(dy, t).Slice(h * width, width);
                double r = Read(rstd, 0)[t * heads + h], along = 0;
                for (var c = 0; c < width; c++)
                {
                    along += (double)d[c] * gain[c] * xh[c];
                    dgain[c] += d[c] * xh[c] * r;
                }
                if (dx is null) continue;
                var dxh = Row(dx, t).Slice(h * width, width);
                for (var c = 0; c < width; c++) dxh[c] += (float)(r * gain[c] * d[c] - r * r * r * xh[c] / width * along);
            }
        if (dg is not null) Accumulate(dg, dgain);
    }

    static void Accumulate(Tensor y, double[] sum)
    {
        for (var c = 0; c < sum.Length; c++) Row(y, 0)[c] += (float)sum[c];
    }
}
