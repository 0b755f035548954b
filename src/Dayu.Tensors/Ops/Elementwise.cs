using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// One function of one value: exact, fast and its derivative. A new activation is one struct; loops, gradients and
/// tests come free.
/// </summary>
public interface IUnary
{
    /// <summary>The function as its paper writes it: the oracle.</summary>
    static abstract double Exact(double x);

    /// <summary>The function, many at a time.</summary>
    static abstract Vector512<float> F(Vector512<float> x);

    /// <summary>Its derivative.</summary>
    static abstract Vector512<float> D(Vector512<float> x);
}

/// <summary>
/// What can be done to tensors: each op states its contract, checks it, computes, and records how its gradient flows
/// back. One file an op.
/// </summary>
public static partial class Op
{
    /// <summary>max(x, 0).</summary>
    public static Tensor Relu(Tensor x) => Unary<Relu>(x);

    /// <summary>max(x, 0)². So et al. 2021, arXiv:2109.08668.</summary>
    public static Tensor ReluSquared(Tensor x) => Unary<ReluSquared>(x);

    /// <summary>
    /// x·Φ(x) by its tanh approximation, as GPT-1 and GPT-2 use it. Hendrycks &amp; Gimpel 2016, arXiv:1606.08415.
    /// </summary>
    public static Tensor GeluTanh(Tensor x) => Unary<GeluTanh>(x);

    /// <summary>x·Φ(x) by the error function, as BERT uses it. Hendrycks &amp; Gimpel 2016, arXiv:1606.08415.</summary>
    public static Tensor GeluErf(Tensor x) => Unary<GeluErf>(x);

    /// <summary>x·σ(x). Elfwing et al. 2017, arXiv:1702.03118.</summary>
    public static Tensor Silu(Tensor x) => Unary<Silu>(x);

    /// <summary>tanh x.</summary>
    public static Tensor Tanh(Tensor x) => Unary<Tanh>(x);

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Unary<Sigmoid>(x);

    /// <summary>A function of each value.</summary>
    public static Tensor Unary<TFn>(Tensor x) where TFn : struct, IUnary
    {
        Check.Floats(typeof(TFn).Name, x);
        var y = x.Like();
        x.On.Unary<TFn>(y, x);
        return y.Follows(x) ? y.Records(UnaryBackward<TFn>(x)) : y;
    }

    static Action<Tensor> UnaryBackward<TFn>(Tensor x) where TFn : struct, IUnary => dy => x.On.UnaryBackward<TFn>(x.Grad, dy, x);

    /// <summary>a + b.</summary>
    /// <param name="a">[T, C]</param>
    /// <param name="b">[T, C], or [C]: the same for every row.</param>
    /// <returns>[T, C]</returns>
    public static Tensor Add(Tensor a, Tensor b)
    {
        if (b.Shape.Rank == 1) Check.Width("add", b, a.Width);
        else Check.Same("add", a, b);
        Check.Floats("add", a, b);
        var y = a.Like();
        a.On.Add(y, a, b);
        return y.Follows(a, b) ? y.Records(AddBackward(a, b)) : y;
    }

    static Action<Tensor> AddBackward(Tensor a, Tensor b) => dy =>
    {
        AddGrad(a, dy);
        AddGrad(b, dy);
    };

    /// <summary>Adds a gradient to that of x; where x is one row, its sum over the rows.</summary>
    static void AddGrad(Tensor x, Tensor dy)
    {
        if (!x.NeedsGrad) return;
        if (x.HasGrad || x.Shape.Count != dy.Shape.Count) dy.On.Accumulate(x.Grad, dy);
        else dy.On.Scale(x.GradToWrite(out _), dy, 1);
    }

    /// <summary>a · b, value by value.</summary>
    public static Tensor Mul(Tensor a, Tensor b)
    {
        Check.Same("mul", a, b);
        Check.Floats("mul", a, b);
        var y = a.Like();
        a.On.Mul(y, a, b);
        return y.Follows(a, b) ? y.Records(MulBackward(a, b)) : y;
    }

    static Action<Tensor> MulBackward(Tensor a, Tensor b) => dy =>
    {
        if (a.NeedsGrad) dy.On.AccumulateProduct(a.Grad, dy, b);
        if (b.NeedsGrad) dy.On.AccumulateProduct(b.Grad, dy, a);
    };

    /// <summary>factor · x.</summary>
    public static Tensor Scale(Tensor x, float factor)
    {
        Check.Floats("scale", x);
        var y = x.Like();
        x.On.Scale(y, x, factor);
        return y.Follows(x) ? y.Records(ScaleBackward(x, factor)) : y;
    }

    static Action<Tensor> ScaleBackward(Tensor x, float factor) => dy => dy.On.AccumulateScaled(x.Grad, dy, factor);
}

public abstract partial class Backend
{
    /// <summary>y = F(x).</summary>
    public abstract void Unary<TFn>(Tensor y, Tensor x) where TFn : struct, IUnary;

    /// <summary>dx += dy · F′(x).</summary>
    public abstract void UnaryBackward<TFn>(Tensor dx, Tensor dy, Tensor x) where TFn : struct, IUnary;

    /// <summary>y = a + b; b as a, or one row [C] for all.</summary>
    public abstract void Add(Tensor y, Tensor a, Tensor b);

    /// <summary>y = a · b.</summary>
    public abstract void Mul(Tensor y, Tensor a, Tensor b);

    /// <summary>y = factor · x.</summary>
    public abstract void Scale(Tensor y, Tensor x, float factor);

    /// <summary>y += x; where y is one row [C], it takes the sum over the rows of x, rows ascending.</summary>
    public abstract void Accumulate(Tensor y, Tensor x);

    /// <summary>y += a · b.</summary>
    public abstract void AccumulateProduct(Tensor y, Tensor a, Tensor b);
}
