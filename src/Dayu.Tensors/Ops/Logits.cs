namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>y = x·wᵀ where y is what a model ends with: logits. The same product as <see cref="MatMul(Tensor, Weight)"/>, but nothing comes after it that would even out
    /// what is rounded in it: a backend that rounds activations rounds these less.</summary>
    /// <param name="x">[W, In]</param>
    /// <param name="w">[V, In], any number format.</param>
    /// <returns>[W, V]</returns>
    public static Tensor Logits(Tensor x, Weight w)
    {
        Check.Width("logits", x, w.In);
        Check.Floats("logits", x);
        var y = x.Arena.New(x.Rows, w.Out);
        x.On.Logits(y, x, w);
        return Recorded(y, x, w);
    }
}

public abstract partial class Backend
{
    /// <summary>y = x·wᵀ, y being logits; default: as any product.</summary>
    public virtual void Logits(Tensor y, Tensor x, Weight w) => MatMul(y, x, w);
}
