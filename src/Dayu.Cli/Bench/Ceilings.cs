using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>This machine's ceilings as contenders: what runs in the same rounds is told as a share of them.</summary>
/// <param name="peaks">Drives the machine.</param>
sealed class Ceilings(CpuPeaks peaks)
{
    readonly Dictionary<Peak, Contender> contenders = [];

    /// <summary>Those that were asked for.</summary>
    public IReadOnlyCollection<Contender> Asked => contenders.Values;

    /// <summary>A plain read of memory, in bytes.</summary>
    public Contender Read => Of(Peak.Read);

    /// <summary>Multiply-adds in registers, of the numbers that a weight of this format is multiplied as: bytes, bfloat16 or float32. In operations.</summary>
    /// <param name="format">The weight's.</param>
    /// <param name="exact">Nothing is rounded.</param>
    public Contender Multiply(DType format, bool exact = false) =>
        Of(exact ? Peak.Float32 : format.IsQuantised && peaks.Has(Peak.Int8) ? Peak.Int8 : format == DType.BF16 && peaks.Has(Peak.BFloat16) ? Peak.BFloat16 : Peak.Float32);

    Contender Of(Peak peak)
    {
        if (contenders.TryGetValue(peak, out var c)) return c;
        return contenders[peak] = new(peak.ToString().ToLowerInvariant(), CpuPeaks.Work(peak), _ => peaks.Run(peak));
    }

    /// <summary>What the machine did at best, for people.</summary>
    public static string Told(Call call, IEnumerable<Contender> asked) =>
        string.Join(", ", asked.GroupBy(c => c.Name).Select(g => call.Say.Text($"bench.{g.Key}", $"{Spread.Of(g.SelectMany(c => c.Rates)).Median / 1e9:F1}")));
}
