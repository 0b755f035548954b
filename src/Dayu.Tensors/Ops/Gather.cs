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
        return y.Follows(table) ? y.Records(GatherBackward(table, rows)) : y;
    }

    /// <summary>
    /// Rows of a weight. Where it is multiplied by as well, the device may keep it in one form for both.
    /// </summary>
    /// <inheritdoc cref="Gather(Tensor, Tensor)"/>
    public static Tensor Gather(Weight table, Tensor rows)
    {
        Check.Ints("gather", rows);
        var y = rows.Arena.New(rows.Width, table.In);
        rows.On.Gather(y, table, rows);
        return y.Follows(table.Tensor) ? y.Records(GatherBackward(table.Tensor, rows)) : y;
    }

    static Action<Tensor> GatherBackward(Tensor table, Tensor rows) => dy => dy.On.GatherBackward(table.Grad, dy, rows);

    /// <summary>
    /// table[rows[t]] = x[t], rounded to the number format of the table: keys and values into their cache. Has no
    /// gradient.
    /// </summary>
    /// <param name="table">[R, C]; its format is one of <see cref="CacheFormats"/>.</param>
    /// <param name="x">[T, C]</param>
    /// <param name="rows">I32 [T], each 0 … R − 1, all different.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row number is none of the table's.</exception>
    /// <exception cref="FormatRangeException">A number is not finite, or too large for the format; float32 takes
    /// all.</exception>
    public static void Scatter(Tensor table, Tensor x, Tensor rows)
    {
        Check.Ints("scatter", rows);
        Check.Cache("scatter", table);
        Check.Floats("scatter", x);
        Check.Width("scatter", rows, x.Rows);
        Check.Width("scatter", x, table.Width);
        x.On.Scatter(table, x, rows);
    }

    /// <summary>Number formats that keys and values can be kept in: float32, halves, blocks of bytes.</summary>
    public static IReadOnlyList<DType> CacheFormats { get; } = [DType.F32, DType.F16, DType.Named("q8_0")];

    /// <summary>What a backend throws where <see cref="Scatter"/> meets a number that a format cannot say.</summary>
    public static FormatRangeException DoesNotFit(DType format) =>
        new($"scatter: a number is not finite, or larger than {format} can say; keep this table in f32");
}

public abstract partial class Backend
{
    /// <summary>y[t] = table[rows[t]], decoded.</summary>
    public abstract void Gather(Tensor y, Tensor table, Tensor rows);

    /// <summary>y[t] = table[rows[t]], decoded; by default out of the numbers as loaded.</summary>
    public virtual void Gather(Tensor y, Weight table, Tensor rows) => Gather(y, table.Tensor, rows);

    /// <summary>dtable[rows[t]] += dy[t], t ascending.</summary>
    public abstract void GatherBackward(Tensor dtable, Tensor dy, Tensor rows);

    /// <summary>table[rows[t]] = x[t], rounded to the table's format.</summary>
    public abstract void Scatter(Tensor table, Tensor x, Tensor rows);
}
