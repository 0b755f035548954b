namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>Rows of a table: embeddings, or the positions whose logits are wanted.</summary>
    /// <param name="table">[R, C], any number format.</param>
    /// <param name="rows">I32 [T], each 0 … R − 1.</param>
    /// <returns>[T, C], in the arena of <paramref name="rows"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A row number is none of the table's.</exception>
    public static Tensor Gather(Tensor table, Tensor rows)
    {
        Check.Ints("gather", rows);
        var y = rows.Arena.New(rows.Width, table.Width);
        rows.On.Gather(y, table, rows);
        return table.NeedsGrad ? y.Records(GatherBackward(table, rows)) : y;
    }

    /// <summary>Rows of a weight. Where it is multiplied by as well, the device may keep it in one form for both.</summary>
    /// <inheritdoc cref="Gather(Tensor, Tensor)"/>
    public static Tensor Gather(Weight table, Tensor rows)
    {
        Check.Ints("gather", rows);
        var y = rows.Arena.New(rows.Width, table.In);
        rows.On.Gather(y, table, rows);
        return table.NeedsGrad ? y.Records(GatherBackward(table.Tensor, rows)) : y;
    }

    static Action<Tensor> GatherBackward(Tensor table, Tensor rows) => dy => dy.On.GatherBackward(table.Grad, dy, rows);

    /// <summary>table[rows[t]] = x[t]: keys and values into their cache. Has no gradient.</summary>
    /// <param name="table">[R, C]</param>
    /// <param name="x">[T, C]</param>
    /// <param name="rows">I32 [T], each 0 … R − 1, all different.</param>
    public static void Scatter(Tensor table, Tensor x, Tensor rows)
    {
        Check.Ints("scatter", rows);
        Check.Floats("scatter", table, x);
        Check.Width("scatter", rows, x.Rows);
        Check.Width("scatter", x, table.Width);
        x.On.Scatter(table, x, rows);
    }
}

public abstract partial class Backend
{
    /// <summary>y[t] = table[rows[t]], decoded.</summary>
    public abstract void Gather(Tensor y, Tensor table, Tensor rows);

    /// <summary>y[t] = table[rows[t]], decoded; by default out of the numbers as loaded.</summary>
    public virtual void Gather(Tensor y, Weight table, Tensor rows) => Gather(y, table.Tensor, rows);

    /// <summary>dtable[rows[t]] += dy[t], t ascending.</summary>
    public abstract void GatherBackward(Tensor dtable, Tensor dy, Tensor rows);

    /// <summary>table[rows[t]] = x[t].</summary>
    public abstract void Scatter(Tensor table, Tensor x, Tensor rows);
}
