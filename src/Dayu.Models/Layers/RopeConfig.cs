using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Rope as configurations spell it: <c>rope_scaling</c> (older, beside <c>rope_theta</c>) or <c>rope_parameters</c>
/// (newer, with <c>rope_theta</c> inside).
/// </summary>
public sealed record RopeConfig(
    string? RopeType = null, string? Type = null, float? RopeTheta = null, float? Factor = null,
    float LowFreqFactor = 1, float HighFreqFactor = 4, int? OriginalMaxPositionEmbeddings = null,
    float? BetaFast = null, float? BetaSlow = null, float? AttentionFactor = null, bool? Truncate = null, float[]? Factors = null)
{
    /// <summary>What a configuration says of rope, in whichever spelling.</summary>
    /// <param name="headWidth">Values of a head, D.</param>
    /// <param name="theta"><c>rope_theta</c> beside it.</param>
    /// <param name="older"><c>rope_scaling</c>.</param>
    /// <param name="newer"><c>rope_parameters</c>; counts where both name a kind.</param>
    /// <param name="context">Positions the model was made for.</param>
    public static RopeSpec Spec(int headWidth, float theta, RopeConfig? older, RopeConfig? newer, int context) =>
        new(headWidth, newer?.RopeTheta ?? older?.RopeTheta ?? theta, Scaling(older, newer, context));

    /// <summary>The scaling of a configuration; null: none.</summary>
    internal static RopeScaling? Scaling(JsonObject config, int context)
    {
        return Scaling(Of("rope_scaling"), Of("rope_parameters"), context);

        RopeConfig? Of(string key) => config[key] is JsonObject said ? ConfigRecord.Of(said, LlamaJson.Default.RopeConfig) : null;
    }

    static RopeScaling? Scaling(RopeConfig? older, RopeConfig? newer, int context) =>
        (newer?.Kind is null ? older : newer)?.Scaling(context);

    string? Kind => RopeType ?? Type;

    /// <summary>The scaling it names; null: none.</summary>
    /// <param name="context">Positions the model was made for, where the scaling does not say what it was trained
    /// with.</param>
    /// <exception cref="InvalidDataException">A kind of scaling that is not known, or one that lacks what it
    /// needs.</exception>
    public RopeScaling? Scaling(int context) => Kind switch
    {
        null or "default" => null,
        "linear" => new LinearScaling(Needed) { Magnitude = AttentionFactor ?? 1 },
        "llama3" => new Llama3Scaling(Needed, LowFreqFactor, HighFreqFactor, Original(context)),
        "yarn" => new YarnScaling(Needed, Original(context), BetaFast ?? 32, BetaSlow ?? 1, AttentionFactor, Truncate ?? true),
        "given" => new GivenScaling(Factors ?? throw new InvalidDataException("config: rope_scaling is 'given' but has no factors"))
        {
            Magnitude = AttentionFactor ?? 1,
        },
        var other => throw new InvalidDataException($"config: rope scaling {MappedFile.Shown(other)} is not known; "
            + "known: default, linear, llama3, yarn"),
    };

    /// <summary>The factor, without which a scaling means nothing.</summary>
    float Needed => Factor is > 0 and < float.PositiveInfinity ? Factor.Value
        : throw new InvalidDataException($"config: rope_scaling (or rope_parameters) is '{Kind}' and its key 'factor' is "
            + $"{(Factor is { } f ? $"{f}" : "missing")}; a number above 0 was expected, such as 4 for four times the context");

    int Original(int context) => OriginalMaxPositionEmbeddings ?? context;
}
