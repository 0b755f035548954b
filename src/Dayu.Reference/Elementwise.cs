using System.Runtime.Intrinsics;
using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Unary<TFn>(Tensor y, Tensor x)
    {
        for (var t = 0; t < x.Rows; t++)
            for (var c = 0; c < x.Width; c++) Row(y, t)[c] = (float)TFn.Exact(Read(x, t)[c]);
    }

    /// <summary>
    /// The derivative is the struct's own, in float32 (a test compares it with the difference quotient of the exact function).
    /// </summary>
    public override void UnaryBackward<TFn>(Tensor dx, Tensor dy, Tensor x)
    {
        for (var t = 0; t < x.Rows; t++)
            for (var c = 0; c < x.Width; c++) Row(dx, t)[c] += Read(dy, t)[c] * TFn.D(Vector512.Create(Read(x, t)[c]))[0];
    }

    /// <inheritdoc/>
    public override void Add(Tensor y, Tensor a, Tensor b)
    {
        for (var t = 0; t < a.Rows; t++)
            for (var c = 0; c < a.Width; c++) Row(y, t)[c] = Read(a, t)[c] + Read(b, b.Shape.Rank == 1 ? 0 : t)[c];
    }

    /// <inheritdoc/>
    public override void Mul(Tensor y, Tensor a, Tensor b)
    {
        for (var t = 0; t < a.Rows; t++)
            for (var c = 0; c < a.Width; c++) Row(y, t)[c] = Read(a, t)[c] * Read(b, t)[c];
    }

    /// <inheritdoc/>
    public override void Scale(Tensor y, Tensor x, float factor)
    {
        for (var t = 0; t < x.Rows; t++)
            for (var c = 0; c < x.Width; c++) Row(y, t)[c] = factor * Read(x, t)[c];
    }

    /// <inheritdoc/>
    public override void Accumulate(Tensor y, Tensor x)
    {
        if (y.Shape.Rank == 1) AccumulateRows(y, x);
        else
            for (var t = 0; t < x.Rows; t++)
                for (var c = 0; c < x.Width; c++) Row(y, t)[c] += Read(x, t)[c];
    }

    static void AccumulateRows(Tensor y, Tensor x)
    {
        for (var c = 0; c < x.Width; c++)
        {
            var sum = 0.0;
            for (var t = 0; t < x.Rows; t++) sum += Read(x, t)[c];
            Row(y, 0)[c] += (float)sum;
        }
    }

    /// <inheritdoc/>
    public override void AccumulateProduct(Tensor y, Tensor a, Tensor b)
    {
        for (var t = 0; t < a.Rows; t++)
            for (var c = 0; c < a.Width; c++) Row(y, t)[c] += Read(a, t)[c] * Read(b, t)[c];
    }
}
