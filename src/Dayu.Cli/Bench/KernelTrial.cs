using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A kernel being timed.</summary>
/// <param name="Kernel">decode, prefill, dx, dw, attention …</param>
/// <param name="Format">Of the weights.</param>
/// <param name="Shape">Rows × outputs × inputs, or what else says how large it is.</param>
/// <param name="Path">The instruction set.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Contender">What is timed, in bytes or operations.</param>
/// <param name="Ceiling">What it is a share of.</param>
/// <param name="Unit">GB/s or GOP/s.</param>
sealed record KernelTrial(string Kernel, string Format, string Shape, string Path, int Threads, Contender Contender, Contender Ceiling, string Unit)
{
    /// <summary>Where bytes are counted, what may be the limit instead when many rows are multiplied by each: multiplications, and how many of them a byte takes.</summary>
    public (Contender Ceiling, double PerByte)? Multiply { get; init; }

    double Share => Contender.RatioTo(Ceiling).Median;

    double? MultiplyShare => Multiply is { } m ? Contender.RatioTo(m.Ceiling, m.PerByte).Median : null;

    public static string[] Columns => ["KERNEL", "FORMAT", "SHAPE", "PATH", "RATE>", "UNIT", "MIN … MAX", "OF PEAK>"];

    public string[] Row => [Kernel, Format, Shape, Path, $"{Contender.Rate.Median / 1e9:F1}", Unit, $"{Contender.Rate.Min / 1e9:F1} … {Contender.Rate.Max / 1e9:F1}", $"{100 * Share:F0} %{(MultiplyShare is { } m ? $" / {100 * m:F0} %" : "")}"];

    public JsonObject Json => new()
    {
        ["kernel"] = Kernel, ["format"] = Format, ["shape"] = Shape, ["path"] = Path, ["threads"] = Threads, ["unit"] = Unit, ["rate"] = Rounded(Contender.Rate.Median), ["min"] = Rounded(Contender.Rate.Min),
        ["max"] = Rounded(Contender.Rate.Max), ["rounds"] = Contender.Rates.Count, ["share"] = Math.Round(Share, 4), ["multiply_share"] = MultiplyShare is { } m ? Math.Round(m, 4) : null, ["peak"] = Rounded(Ceiling.Rate.Median),
    };

    static double Rounded(double rate) => Math.Round(rate / 1e9, 3);
}
