namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>y = x·wᵀ + b; of an adapted weight, x·(w + Σ scale · B·A)ᵀ + b.</summary>
    /// <param name="x">[T, In]</param>
    /// <param name="w">[Out, In] (the layout of PyTorch and GGUF), any number format.</param>
    /// <param name="bias">[Out]; null: none.</param>
    /// <returns>[T, Out]</returns>
    public static Tensor MatMul(Tensor x, Weight w, Tensor? bias = null)
    {
        Check.Width("matmul", x, w.In);
        Check.Floats("matmul", x);
        var y = x.Arena.New(x.Rows, w.Out);
        x.On.MatMul(y, x, w);
        return Biased(y, x, w, bias);
    }

    /// <summary>The bias is added where the product lies: it costs neither a tensor nor a gradient of its own size.</summary>
    static Tensor Biased(Tensor y, Tensor x, Weight w, Tensor? bias)
    {
        if (bias is not null)
        {
            Check.Width("bias", bias, y.Width);
            y.On.Add(y, y, bias);
        }
        return w.LowRank.Count > 0 ? AddLowRank(y, x, w, bias)
            : y.Follows(x, w.Tensor, bias) ? y.Records(MatMulBackward(x, w, bias)) : y;
    }

    /// <summary>Two products of the same x in one parallel-for: gate and up.</summary>
    public static (Tensor, Tensor) MatMul(Tensor x, Weight a, Weight b, Tensor? biasA = null, Tensor? biasB = null)
    {
        Check.Width("matmul", x, a.In);
        Check.Width("matmul", x, b.In);
        Check.Floats("matmul", x);
        var (ya, yb) = (x.Arena.New(x.Rows, a.Out), x.Arena.New(x.Rows, b.Out));
        x.On.MatMul([ya, yb], x, [a, b]);
        return (Biased(ya, x, a, biasA), Biased(yb, x, b, biasB));
    }

    /// <summary>Three products of the same x in one parallel-for: query, key and value.</summary>
    public static (Tensor, Tensor, Tensor) MatMul(
        Tensor x, Weight a, Weight b, Weight c, Tensor? biasA = null, Tensor? biasB = null, Tensor? biasC = null)
    {
        Check.Width("matmul", x, a.In);
        Check.Width("matmul", x, b.In);
        Check.Width("matmul", x, c.In);
        Check.Floats("matmul", x);
        var (ya, yb, yc) = (x.Arena.New(x.Rows, a.Out), x.Arena.New(x.Rows, b.Out), x.Arena.New(x.Rows, c.Out));
        x.On.MatMul([ya, yb, yc], x, [a, b, c]);
        return (Biased(ya, x, a, biasA), Biased(yb, x, b, biasB), Biased(yc, x, c, biasC));
    }

    static Action<Tensor> MatMulBackward(Tensor x, Weight w, Tensor? bias) => dy =>
    {
        if (x.NeedsGrad) dy.On.MatMulDx(x.GradToWrite(out var add), dy, w, add);
        if (w.NeedsGrad) dy.On.MatMulDw(w.Tensor.Grad, dy, x);
        if (bias is { NeedsGrad: true }) dy.On.Accumulate(bias.Grad, dy);
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

    /// <summary>dx = dy·w, added to what dx holds where <paramref name="add"/>. dx [T, In], dy [T, Out]; w in any number format.</summary>
    public abstract void MatMulDx(Tensor dx, Tensor dy, Weight w, bool add);

    /// <summary>dw += dyᵀ·x. dw [Out, In].</summary>
    public abstract void MatMulDw(Tensor dw, Tensor dy, Tensor x);
}
