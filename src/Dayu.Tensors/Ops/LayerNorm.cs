namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>
    /// y = (x − mean(x)) · rsqrt(var(x) + eps) · g + b over the last axis; the variance is the biased one. Ba et al.
    /// 2016, arXiv:1607.06450.
    /// </summary>
    /// <param name="x">[T, C]</param>
    /// <param name="g">[C]</param>
    /// <param name="b">[C]</param>
    /// <param name="eps">Keeps a constant row finite.</param>
    /// <returns>[T, C]</returns>
    public static Tensor LayerNorm(Tensor x, Tensor g, Tensor b, float eps)
    {
        Check.Vector("layernorm", g, x.Width);
        Check.Vector("layernorm", b, x.Width);
        Check.Floats("layernorm", x);
        var (y, mean, rstd) = (x.Like(), x.Arena.New(x.Rows), x.Arena.New(x.Rows));
        x.On.LayerNorm(y, mean, rstd, x, g, b, eps);
        return y.Follows(x, g, b) ? y.Records(LayerNormBackward(x, g, b, mean, rstd)) : y;
    }

    static Action<Tensor> LayerNormBackward(Tensor x, Tensor g, Tensor b, Tensor mean, Tensor rstd) => dy =>
        dy.On.LayerNormBackward(x.GradOrNull, g.GradOrNull, b.GradOrNull, dy, x, g, mean, rstd);
}

public abstract partial class Backend
{
    /// <summary>mean and rstd = rsqrt(var + eps) of each row; y = (x − mean) · rstd · g + b.</summary>
    public abstract void LayerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor g, Tensor b, float eps);

    /// <summary>Adds to dx, dg and db, where they are asked for.</summary>
    public abstract void LayerNormBackward(Tensor? dx, Tensor? dg, Tensor? db, Tensor dy, Tensor x, Tensor g, Tensor mean, Tensor rstd);
}
