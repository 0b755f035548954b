using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A kernel being timed.</summary>
/// <param name="Kernel">decode, prefill, dx, dw, attention …</param>
/// <param name="Format">Of the weights.</param>
/// <param name="Shape">Rows × outputs × inputs, or what else says how large it is.</param>
/// <param name="Path">The instruction set.</param>
/// <param name="Threads">Threads.</param>
/// <param name="BenchmarkCase">What is timed, in bytes or operations.</param>
/// <param name="Ceiling">What it is a share of.</param>
/// <param name="Unit">GB/s or GOP/s.</param>
sealed record KernelTrial(
    string Kernel, string Format, string Shape, string Path, int Threads, BenchmarkCase BenchmarkCase, BenchmarkCase Ceiling, string Unit)
{
    /// <summary>
    /// Where bytes are counted, what may be the limit instead when many rows are multiplied by each: multiplications, and how many
    /// of them a byte takes.
    /// </summary>
    public (BenchmarkCase Ceiling, double PerByte)? Multiply { get; init; }

    Statistics Rate => BenchmarkCase.Rate;

    double Share => BenchmarkCase.RatioTo(Ceiling).Median;

    double? MultiplyShare => Multiply is { } m ? BenchmarkCase.RatioTo(m.Ceiling, m.PerByte).Median : null;

    public static string[] Columns => ["KERNEL", "FORMAT", "SHAPE", "PATH", "RATE>", "UNIT", "MIN … MAX", "OF PEAK>"];

    public string[] Row => [Kernel, Format, Shape, Path, $"{Rate.Median / 1e9:F1}", Unit, Spread, Shares];

    string Spread => $"{Rate.Min / 1e9:F1} … {Rate.Max / 1e9:F1}";

    string Shares => MultiplyShare is { } multiply ? $"{100 * Share:F0} % / {100 * multiply:F0} %" : $"{100 * Share:F0} %";

    public JsonObject Json => new()
    {
        ["kernel"] = Kernel,
        ["format"] = Format,
        ["shape"] = Shape,
        ["path"] = Path,
        ["threads"] = Threads,
        ["unit"] = Unit,
        ["rate"] = Rounded(Rate.Median),
        ["min"] = Rounded(Rate.Min),
        ["max"] = Rounded(Rate.Max),
        ["rounds"] = BenchmarkCase.Rates.Count,
        ["share"] = Math.Round(Share, 4),
        ["multiply_share"] = MultiplyShare is { } m ? Math.Round(m, 4) : null,
        ["peak"] = Rounded(Ceiling.Rate.Median),
    };

    static double Rounded(double rate) => Math.Round(rate / 1e9, 3);
}
