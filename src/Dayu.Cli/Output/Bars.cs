namespace Dayu.Cli;

/// <summary>A share as a bar of signs.</summary>
static class Bars
{
    /// <summary>Eighths of a cell: ▏▎▍▌▋▊▉█.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="cells">Columns of a whole bar.</param>
    public static string Of(double share, int cells)
    {
        var eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * cells * 8);
        return new string('█', eighths / 8) + (eighths % 8 > 0 ? ((char)('█' + 8 - eighths % 8)).ToString() : "");
    }
}
