namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>y = x·wᵀ.</summary>
    /// <param name="x">[T, In]</param>
    /// <param name="w">[Out, In] (the layout of PyTorch and GGUF), any number format.</param>
    /// <returns>[T, Out]</returns>
    public static Tensor MatMul(Tensor x, Weight w)
    {
        Check.Width("matmul", x, w.In);
        Check.Floats("matmul", x);
        var y = x.Arena.New(x.Rows, w.Out);
        x.On.MatMul(y, x, w);
        return Recorded(y, x, w);
    }

    /// <summary>Two products of the same x in one parallel-for: gate and up.</summary>
    public static (Tensor, Tensor) MatMul(Tensor x, Weight a, Weight b)
    {
        Check.Width("matmul", x, a.In);
        Check.Width("matmul", x, b.In);
        Check.Floats("matmul", x);
        var (ya, yb) = (x.Arena.New(x.Rows, a.Out), x.Arena.New(x.Rows, b.Out));
        x.On.MatMul([ya, yb], x, [a, b]);
        return (Recorded(ya, x, a), Recorded(yb, x, b));
    }

    /// <summary>Three products of the same x in one parallel-for: query, key and value.</summary>
    public static (Tensor, Tensor, Tensor) MatMul(Tensor x, Weight a, Weight b, Weight c)
    {
        Check.Width("matmul", x, a.In);
        Check.Width("matmul", x, b.In);
        Check.Width("matmul", x, c.In);
        Check.Floats("matmul", x);
        var (ya, yb, yc) = (x.Arena.New(x.Rows, a.Out), x.Arena.New(x.Rows, b.Out), x.Arena.New(x.Rows, c.Out));
        x.On.MatMul([ya, yb, yc], x, [a, b, c]);
        return (Recorded(ya, x, a), Recorded(yb, x, b), Recorded(yc, x, c));
    }

    static Tensor Recorded(Tensor y, Tensor x, Weight w) => y.Follows(x, w.Tensor) ? y.Records(MatMulBackward(x, w)) : y;

    static Action<Tensor> MatMulBackward(Tensor x, Weight w) => dy =>
    {
        if (x.NeedsGrad) dy.On.MatMulDx(x.Grad, dy, w);
        if (w.NeedsGrad) dy.On.MatMulDw(w.Tensor.Grad, dy, x);
    };
}

public abstract partial class Backend
{
    /// <summary>y = x·wᵀ. y [T, Out], x [T, In], w [Out, In] in any number format.</summary>
    public abstract void MatMul(Tensor y, Tensor x, Weight w);

    /// <summary>yᵢ = x·wᵢᵀ; default: one after another.</summary>
    public virtual void MatMul(ReadOnlySpan<Tensor> ys, Tensor x, ReadOnlySpan<Weight> ws)
    {
        for (var i = 0; i < ys.Length; i++) MatMul(ys[i], x, ws[i]);
    }

    /// <summary>dx += dy·w. dx [T, In], dy [T, Out]; w in any number format.</summary>
    public abstract void MatMulDx(Tensor dx, Tensor dy, Weight w);

    /// <summary>dw += dyᵀ·x. dw [Out, In].</summary>
    public abstract void MatMulDw(Tensor dw, Tensor dy, Tensor x);
}
