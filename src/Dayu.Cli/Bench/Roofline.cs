using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>This machine's roofline as cases: what runs in the same rounds is told as a share of them.</summary>
/// <param name="peaks">Drives the machine.</param>
sealed class Roofline(CpuPeaks peaks)
{
    readonly Dictionary<Peak, BenchmarkCase> cases = [];

    /// <summary>Those that were asked for.</summary>
    public IReadOnlyCollection<BenchmarkCase> Asked => cases.Values;

    /// <summary>A plain read of memory, in bytes.</summary>
    public BenchmarkCase Read => Of(Peak.Read);

    /// <summary>
    /// Multiply-adds in registers, of the numbers that a weight of this format is multiplied as: bytes, bfloat16 or float32.
    /// In operations.
    /// </summary>
    /// <param name="format">The weight's.</param>
    /// <param name="exact">Nothing is rounded.</param>
    public BenchmarkCase Multiply(DType format, bool exact = false) => Of(
        exact ? Peak.Float32
        : format.IsQuantised && peaks.Has(Peak.Int8) ? Peak.Int8
        : format == DType.BF16 && peaks.Has(Peak.BFloat16) ? Peak.BFloat16
        : Peak.Float32);

    BenchmarkCase Of(Peak peak)
    {
        if (cases.TryGetValue(peak, out var c)) return c;
        return cases[peak] = new(peak.ToString().ToLowerInvariant(), CpuPeaks.Work(peak), _ => peaks.Run(peak));
    }

    /// <summary>What the machine did at best, for people.</summary>
    public static string Told(CommandContext call, IEnumerable<BenchmarkCase> asked) =>
        string.Join(", ", asked.GroupBy(c => c.Name).Select(g => call.Say.Text($"bench.{g.Key}", $"{Median(g) / 1e9:F1}")));

    static double Median(IEnumerable<BenchmarkCase> cases) => Statistics.Of(cases.SelectMany(c => c.Rates)).Median;
}
