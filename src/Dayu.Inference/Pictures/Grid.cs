namespace Dayu.Inference;

/// <summary>Numbers under names, to be shown as colours.</summary>
/// <param name="Rows">Names.</param>
/// <param name="Columns">Names.</param>
/// <param name="Values">A row for each row.</param>
/// <param name="Low">The number of the darkest colour.</param>
/// <param name="High">The number of the brightest.</param>
public sealed record Grid(string[] Rows, string[] Columns, double[,] Values, double Low, double High)
{
    /// <summary>Cells that hold no number: row, column.</summary>
    public Func<int, int, bool> Hidden { get; init; } = (_, _) => false;

    /// <summary>The row that is looked at.</summary>
    public int? Row { get; init; }

    /// <summary>Columns that are looked at.</summary>
    public int[] Marked { get; init; } = [];

    /// <summary>Where a number stands between the lowest and the highest, 0 to 1.</summary>
    public double Share(int row, int column) => High > Low ? Math.Clamp((Values[row, column] - Low) / (High - Low), 0, 1) : 0;

    /// <summary>A grid whose colours begin at 0 and end at the largest number.</summary>
    public static Grid FromZero(string[] rows, string[] columns, double[,] values) =>
        new(rows, columns, values, 0, Math.Max(1e-9, values.Cast<double>().DefaultIfEmpty().Max()));
}
