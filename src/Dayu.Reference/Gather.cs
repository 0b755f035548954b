using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor y, Tensor table, Tensor rows)
    {
        var r = Ints(rows);
        for (var t = 0; t < r.Length; t++)
        {
            InRange("gather", "row", r[t], t, table.Rows);
            Read(table, r[t]).CopyTo(Row(y, t));
        }
    }

    /// <inheritdoc/>
    public override void GatherBackward(Tensor dtable, Tensor dy, Tensor rows)
    {
        var r = Ints(rows);
        for (var t = 0; t < r.Length; t++)
        {
            InRange("gather", "row", r[t], t, dtable.Rows);
            for (var c = 0; c < dy.Width; c++) Row(dtable, r[t])[c] += Read(dy, t)[c];
        }
    }

    /// <inheritdoc/>
    public override void Scatter(Tensor table, Tensor x, Tensor rows)
    {
        var r = Ints(rows);
        for (var t = 0; t < r.Length; t++)
        {
            InRange("scatter", "row", r[t], t, table.Rows);
            table.DType.Encode(Read(x, t), Written(table, r[t]));
            var fits = table.DType == DType.F32 || !Read(table, r[t]).ContainsAnyExceptInRange(float.MinValue, float.MaxValue);
            if (!fits) throw Op.DoesNotFit(table.DType);
        }
    }
}
