using System.Text.Json.Serialization;

namespace Dayu.Training;

/// <summary>How the learning rate goes after its warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,

    /// <summary>In a straight line to the least.</summary>
    [JsonStringEnumMemberName("linear")]
    Linear,

    /// <summary>Along half a cosine to the least. Loshchilov &amp; Hutter 2016, arXiv:1608.03983.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,

    /// <summary>
    /// Warm-up, stable, decay: it stays, and falls in a straight line in the last part. Hu et al. 2024, arXiv:2404.06395.
    /// </summary>
    [JsonStringEnumMemberName("wsd")]
    Wsd,

    /// <summary>As 1 / √step. Vaswani et al. 2017, arXiv:1706.03762.</summary>
    [JsonStringEnumMemberName("inverse_sqrt")]
    InverseSqrt,
}

/// <summary>The learning rate of each step.</summary>
/// <param name="Kind">How it goes after the warm-up.</param>
/// <param name="Rate">Its highest.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Warmup">Steps in which it rises in a straight line.</param>
/// <param name="Least">Its lowest, as a share of the highest, 0 … 1.</param>
/// <param name="Decay">Of <see cref="ScheduleKind.Wsd"/>: the share of all steps in which it falls, above 0 … 1.</param>
public sealed record Schedule(
    ScheduleKind Kind, double Rate, long Steps, long Warmup = 0, double Least = 0.1, double Decay = 0.2)
{
    /// <summary>The learning rate.</summary>
    /// <param name="step">From 0.</param>
    public double At(long step)
    {
        if (step < Warmup) return Rate * (step + 1) / (Warmup + 1);
        var done = Math.Clamp((step - Warmup) / (double)Math.Max(1, Steps - Warmup), 0, 1);
        return Rate * Kind switch
        {
            ScheduleKind.Constant => 1,
            ScheduleKind.Linear => Between(1 - done),
            ScheduleKind.Cosine => Between((1 + Math.Cos(Math.PI * done)) / 2),
            ScheduleKind.Wsd => Between(Math.Clamp((Steps - step) / Math.Max(1, Decay * Steps), 0, 1)),
            _ => Math.Max(Least, Math.Sqrt((Warmup + 1) / (step + 1.0))),
        };
    }

    double Between(double share) => Least + (1 - Least) * share;
}
