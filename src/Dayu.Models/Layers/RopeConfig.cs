using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Rope as configurations spell it: <c>rope_scaling</c> (older, beside <c>rope_theta</c>) or <c>rope_parameters</c>
/// (newer, with <c>rope_theta</c> inside).
/// </summary>
public sealed record RopeConfig(
    string? RopeType = null, string? Type = null, float? RopeTheta = null, float Factor = 1,
    float LowFreqFactor = 1, float HighFreqFactor = 4, int? OriginalMaxPositionEmbeddings = null,
    float? BetaFast = null, float? BetaSlow = null, float? AttentionFactor = null, bool? Truncate = null, float[]? Factors = null)
{
    /// <summary>What a configuration says of rope, in whichever spelling.</summary>
    /// <param name="headWidth">Values of a head, D.</param>
    /// <param name="theta"><c>rope_theta</c> beside it.</param>
    /// <param name="older"><c>rope_scaling</c>.</param>
    /// <param name="newer"><c>rope_parameters</c>; counts where both are there.</param>
    /// <param name="context">Positions the model was made for.</param>
    public static RopeSpec Spec(int headWidth, float theta, RopeConfig? older, RopeConfig? newer, int context) =>
        new(headWidth, newer?.RopeTheta ?? theta, (newer ?? older)?.Scaling(context));

    /// <summary>The scaling it names; null: none.</summary>
    /// <param name="context">Positions the model was made for, where the scaling does not say what it was trained
    /// with.</param>
    /// <exception cref="InvalidDataException">A kind of scaling that is not known.</exception>
    public RopeScaling? Scaling(int context) => (RopeType ?? Type ?? "default") switch
    {
        "default" => null,
        "linear" => new LinearScaling(Factor),
        "llama3" => new Llama3Scaling(Factor, LowFreqFactor, HighFreqFactor, Original(context)),
        "yarn" => new YarnScaling(Factor, Original(context), BetaFast ?? 32, BetaSlow ?? 1, AttentionFactor, Truncate ?? true),
        "given" => new GivenScaling(Factors ?? throw new InvalidDataException("config: rope_scaling is 'given' but has no factors")),
        var other => throw new InvalidDataException($"config: rope scaling '{other}' is not known; known: default, linear, llama3, yarn"),
    };

    int Original(int context) => OriginalMaxPositionEmbeddings ?? context;
}
