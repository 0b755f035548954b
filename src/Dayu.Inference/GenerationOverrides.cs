using Dayu.Hub;

namespace Dayu.Inference;

/// <summary>What a caller wants of an answer; what is null, the model's own settings say.</summary>
public sealed record GenerationOverrides
{
    /// <inheritdoc cref="SamplerSettings.Temperature"/>
    public float? Temperature { get; init; }

    /// <inheritdoc cref="SamplerSettings.TopK"/>
    public int? TopK { get; init; }

    /// <inheritdoc cref="SamplerSettings.TopP"/>
    public float? TopP { get; init; }

    /// <inheritdoc cref="SamplerSettings.MinP"/>
    public float? MinP { get; init; }

    /// <inheritdoc cref="SamplerSettings.Typical"/>
    public float? Typical { get; init; }

    /// <inheritdoc cref="SamplerSettings.RepetitionPenalty"/>
    public float? RepetitionPenalty { get; init; }

    /// <inheritdoc cref="SamplerSettings.PresencePenalty"/>
    public float? PresencePenalty { get; init; }

    /// <inheritdoc cref="SamplerSettings.FrequencyPenalty"/>
    public float? FrequencyPenalty { get; init; }

    /// <inheritdoc cref="SamplerSettings.LogitBias"/>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <inheritdoc cref="SamplerSettings.Seed"/>
    public ulong? Seed { get; init; }

    /// <inheritdoc cref="GenerationSettings.MaxTokens"/>
    public int? MaxTokens { get; init; }

    /// <inheritdoc cref="GenerationSettings.Stop"/>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <inheritdoc cref="GenerationSettings.LogProbs"/>
    public int? LogProbs { get; init; }

    /// <summary>The settings of an answer.</summary>
    /// <param name="own">The model's.</param>
    /// <exception cref="ArgumentException">A value is out of range; says which, and what is allowed.</exception>
    public GenerationSettings Over(SamplerSettings own)
    {
        if (MaxTokens < 1) throw new ArgumentException($"max-tokens is {MaxTokens}; it can be 1 or more");
        if (LogProbs < 0) throw new ArgumentException($"logprobs is {LogProbs}; it can be 0 or more");
        var sampler = own with
        {
            Temperature = Temperature ?? own.Temperature,
            TopK = TopK ?? own.TopK,
            TopP = TopP ?? own.TopP,
            MinP = MinP ?? own.MinP,
            Typical = Typical ?? own.Typical,
            RepetitionPenalty = RepetitionPenalty ?? own.RepetitionPenalty,
            PresencePenalty = PresencePenalty ?? own.PresencePenalty,
            FrequencyPenalty = FrequencyPenalty ?? own.FrequencyPenalty,
            LogitBias = LogitBias ?? own.LogitBias,
            Seed = Seed ?? own.Seed,
        };
        return new() { Sampler = sampler.Checked(), MaxTokens = MaxTokens, Stop = Stop, LogProbs = LogProbs };
    }
}
