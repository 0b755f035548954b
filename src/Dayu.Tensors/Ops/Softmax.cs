namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>
    /// eˣ / Σeˣ over the last axis, with the largest x taken off first. −∞ becomes 0; a row of nothing but −∞ becomes
    /// zeros.
    /// </summary>
    /// <param name="x">[T, C]</param>
    /// <returns>[T, C], rows summing to 1.</returns>
    public static Tensor Softmax(Tensor x)
    {
        Check.Floats("softmax", x);
        var y = x.Like();
        x.On.Softmax(y, x);
        return y.Follows(x) ? y.Records(SoftmaxBackward(x, y)) : y;
    }

    static Action<Tensor> SoftmaxBackward(Tensor x, Tensor y) => dy => dy.On.SoftmaxBackward(x.Grad, dy, y);
}

public abstract partial class Backend
{
    /// <summary>y = softmax(x) by rows.</summary>
    public abstract void Softmax(Tensor y, Tensor x);

    /// <summary>dx += y · (dy − Σ dy·y).</summary>
    public abstract void SoftmaxBackward(Tensor dx, Tensor dy, Tensor y);
}
