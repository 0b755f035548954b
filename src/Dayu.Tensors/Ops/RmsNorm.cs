namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>
    /// y = x · rsqrt(mean(x²) + eps) · g over the last axis. Zhang &amp; Sennrich 2019, arXiv:1910.07467.
    /// </summary>
    /// <param name="x">[T, C], or [T, H·C]: each C values on their own.</param>
    /// <param name="g">[C]</param>
    /// <param name="eps">Keeps a row of zeros finite.</param>
    /// <returns>As x.</returns>
    public static Tensor RmsNorm(Tensor x, Tensor g, float eps)
    {
        Check.Vector("rmsnorm", g, g.Width);
        Check.That(x.Width % g.Width == 0, "rmsnorm", $"x {x.Shape} has rows of {x.Width}, no multiple of g {g.Shape}");
        Check.Floats("rmsnorm", x);
        var y = x.Like();
        var rstd = x.Arena.New(x.Shape.Count / g.Width);             // kept for the backward pass
        x.On.RmsNorm(y, rstd, x, g, eps);
        return y.Follows(x, g) ? y.Records(RmsNormBackward(x, g, rstd)) : y;
    }

    static Action<Tensor> RmsNormBackward(Tensor x, Tensor g, Tensor rstd) => dy =>
        dy.On.RmsNormBackward(x.GradOrNull, g.GradOrNull, dy, x, g, rstd);
}

public abstract partial class Backend
{
    /// <summary>rstd = rsqrt(mean(x²) + eps) of each C values; y = x · rstd · g.</summary>
    public abstract void RmsNorm(Tensor y, Tensor rstd, Tensor x, Tensor g, float eps);

    /// <summary>Adds to dx and dg, where they are asked for.</summary>
    public abstract void RmsNormBackward(Tensor? dx, Tensor? dg, Tensor dy, Tensor x, Tensor g, Tensor rstd);
}
