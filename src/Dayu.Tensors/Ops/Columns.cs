namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>Some columns of a matrix: the query of a joined query-key-value.</summary>
    /// <param name="x">[T, C]</param>
    /// <param name="start">First column.</param>
    /// <param name="width">Number of columns.</param>
    /// <returns>[T, width]</returns>
    public static Tensor Slice(Tensor x, int start, int width)
    {
        Check.Floats("slice", x);
        var isInside = start >= 0 && width > 0 && start + width <= x.Width;
        Check.That(isInside, "slice", $"columns {start} … {start + width - 1} of x {x.Shape}, which has {x.Width}");
        var y = x.Arena.New(x.Rows, width);
        x.On.CopyColumns(y, 0, x, start, width);
        return y.Follows(x) ? y.Records(SliceBackward(x, start, width)) : y;
    }

    static Action<Tensor> SliceBackward(Tensor x, int start, int width) => dy => dy.On.AddColumns(x.Grad, start, dy, 0, width);

    /// <summary>Three equal parts, left to right.</summary>
    public static (Tensor, Tensor, Tensor) Split3(Tensor x)
    {
        Check.That(x.Width % 3 == 0, "split", $"x {x.Shape} has rows of {x.Width}, no multiple of 3");
        var width = x.Width / 3;
        return (Slice(x, 0, width), Slice(x, width, width), Slice(x, 2 * width, width));
    }

    /// <summary>Side by side.</summary>
    /// <param name="a">[T, A]</param>
    /// <param name="b">[T, B]</param>
    /// <returns>[T, A + B]</returns>
    public static Tensor Concat(Tensor a, Tensor b)
    {
        Check.Rows("concat", b, a.Rows);
        Check.Floats("concat", a, b);
        var y = a.Arena.New(a.Rows, a.Width + b.Width);
        a.On.CopyColumns(y, 0, a, 0, a.Width);
        a.On.CopyColumns(y, a.Width, b, 0, b.Width);
        return y.Follows(a, b) ? y.Records(ConcatBackward(a, b)) : y;
    }

    static Action<Tensor> ConcatBackward(Tensor a, Tensor b) => dy =>
    {
        if (a.NeedsGrad) dy.On.AddColumns(a.Grad, 0, dy, 0, a.Width);
        if (b.NeedsGrad) dy.On.AddColumns(b.Grad, 0, dy, a.Width, b.Width);
    };
}

public abstract partial class Backend
{
    /// <summary>y[:, to … to + width] = x[:, from … from + width].</summary>
    public abstract void CopyColumns(Tensor y, int to, Tensor x, int from, int width);

    /// <summary>The same, added.</summary>
    public abstract void AddColumns(Tensor y, int to, Tensor x, int from, int width);
}
