using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void MatMul(Tensor y, Tensor x, Weight w)
    {
        var rounds = bf16 && w.Tensor.DType == DType.F32;
        for (var o = 0; o < w.Out; o++)
        {
            var row = Operand(w.Tensor, o, rounds);
            for (var t = 0; t < x.Rows; t++) Row(y, t)[o] = (float)Dot(Operand(x, t, rounds), row);
        }
    }

    /// <inheritdoc/>
    public override void MatMulDx(Tensor dx, Tensor dy, Weight w, bool add)
    {
        var (sum, rounds) = (new double[dx.Rows, w.In], bf16 && w.Tensor.DType == DType.F32);
        for (var o = 0; o < w.Out; o++)
        {
            var row = Operand(w.Tensor, o, rounds);
            for (var t = 0; t < dx.Rows; t++)
            {
                double d = Operand(dy, t, rounds)[o];
                for (var i = 0; i < w.In; i++) sum[t, i] += d * row[i];
            }
        }
        if (!add) Fill(dx, 0);
        Accumulate(dx, sum);
    }

    /// <inheritdoc/>
    public override void MatMulDw(Tensor dw, Tensor dy, Tensor x)
    {
        var sum = new double[dw.Rows, dw.Width];
        for (var t = 0; t < x.Rows; t++)
        {
            ReadOnlySpan<float> d = Operand(dy, t, bf16), xt = Operand(x, t, bf16);
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

    /// <summary>Row <paramref name="r"/> of an operand, rounded to bfloat16 where it is to be.</summary>
    static ReadOnlySpan<float> Operand(Tensor x, int r, bool rounds) => rounds ? Rounded(Read(x, r)) : Read(x, r);

    /// <summary>Rounded to bfloat16.</summary>
    static float[] Rounded(ReadOnlySpan<float> x)
    {
        var (values, bytes) = (new float[x.Length], new byte[2 * x.Length]);
        DType.BF16.Encode(x, bytes);
        DType.BF16.Decode(bytes, values);
        return values;
    }
}
