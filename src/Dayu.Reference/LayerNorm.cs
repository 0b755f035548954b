using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void LayerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor g, Tensor b, float eps)
    {
        ReadOnlySpan<float> gain = Read(g, 0), bias = Read(b, 0);
        for (var t = 0; t < x.Rows; t++)
        {
            var xt = Read(x, t);
            double m = 0, variance = 0;
            foreach (var v in xt) m += v / (double)x.Width;
            foreach (var v in xt) variance += (v - m) * (v - m) / x.Width;
            var r = 1 / Math.Sqrt(variance + eps);
            for (var c = 0; c < x.Width; c++) Row(y, t)[c] = (float)((xt[c] - m) * r * gain[c] + bias[c]);
            (Row(mean, 0)[t], Row(rstd, 0)[t]) = ((float)m, (float)r);
        }
    }

    /// <summary>
    /// With x̂ = (x − mean)·rstd and d = dy·g: dx = rstd · (d − mean(d) − x̂·mean(d·x̂)); dg = Σ over rows of dy·x̂, db
    /// = Σ over rows of dy.
    /// </summary>
    public override void LayerNormBackward(Tensor? dx, Tensor? dg, Tensor? db, Tensor dy, Tensor x, Tensor g, Tensor mean, Tensor rstd)
    {
        var gain = Read(g, 0);
        double[] dgain = new double[x.Width], dbias = new double[x.Width];
        for (var t = 0; t < x.Rows; t++)
        {
            ReadOnlySpan<float> xt = Read(x, t), dyt = Read(dy, t);
            double m = Read(mean, 0)[t], r = Read(rstd, 0)[t], meanD = 0, meanDx = 0;
            for (var c = 0; c < x.Width; c++)
            {
                double d = (double)dyt[c] * gain[c], normal = (xt[c] - m) * r;
                meanD += d / x.Width;
                meanDx += d * normal / x.Width;
                dgain[c] += dyt[c] * normal;
                dbias[c] += dyt[c];
            }
            if (dx is null) continue;
            for (var c = 0; c < x.Width; c++)
                Row(dx, t)[c] += (float)(r * ((double)dyt[c] * gain[c] - meanD - (xt[c] - m) * r * meanDx));
        }
        if (dg is not null) Accumulate(dg, dgain);
        if (db is not null) Accumulate(db, dbias);
    }
}
