using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor y, Tensor x, Weight w)
    {
        for (var o = 0; o < w.Out; o++)
        {
            var row = Read(w.Tensor, o);
            for (var t = 0; t < x.Rows; t++) Row(y, t)[o] = (float)Dot(Read(x, t), row);
        }
    }

    /// <inheritdoc/>
    public override void MatMulDx(Tensor dx, Tensor dy, Weight w)
    {
        var sum = new double[dx.Rows, w.In];
        for (var o = 0; o < w.Out; o++)
        {
            var row = Read(w.Tensor, o);
            for (var t = 0; t < dx.Rows; t++)
            {
                double d = Read(dy, t)[o];
                for (var i = 0; i < w.In; i++) sum[t, i] += d * row[i];
            }
        }
        Accumulate(dx, sum);
    }

    /// <inheritdoc/>
    public override void MatMulDw(Tensor dw, Tensor dy, Tensor x)
    {
        var sum = new double[dw.Rows, dw.Width];
        for (var t = 0; t < x.Rows; t++)
        {
            ReadOnlySpan<float> d = Read(dy, t), xt = Read(x, t);
            for (var o = 0; o < dw.Rows; o++)
                for (var i = 0; i < dw.Width; i++) sum[o, i] += (double)d[o] * xt[i];
        }
        Accumulate(dw, sum);
    }

    static void Accumulate(Tensor y, double[,] sum)
    {
        for (var t = 0; t < y.Rows; t++)
            for (var c = 0; c < y.Width; c++) Row(y, t)[c] += (float)sum[t, c];
    }
}
