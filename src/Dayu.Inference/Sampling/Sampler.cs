using Dayu.Hub;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// Chooses tokens: bias, penalties and mask, then top-k, typical, top-p, min-p, then temperature, then by lot
/// (llama.cpp's order: a high temperature cannot bring back what was filtered). One for each text; it counts what was
/// said.
/// </summary>
/// <param name="settings">How to choose.</param>
public sealed class Sampler(SamplerSettings settings)
{
    const float Coldest = 1e-6f;                                     // below, scores over the temperature leave float32's range

    readonly SamplerSettings settings = settings.Checked();
    readonly HashSet<int> seen = [];
    readonly Dictionary<int, int> said = [];
    readonly Candidates candidates = new();
    float[] scratch = [];
    ulong drawn;

    /// <summary>Tells it of the prompt's tokens (the repetition penalty looks at them).</summary>
    public void Saw(ReadOnlySpan<int> prompt)
    {
        foreach (var id in prompt) seen.Add(id);
    }

    /// <summary>Chooses a token and counts it as said.</summary>
    /// <param name="logits">[V], left as they are.</param>
    /// <param name="mask">Which tokens may come; null: any.</param>
    public int Next(ReadOnlySpan<float> logits, TokenMask? mask = null)
    {
        var id = Choose(Adjusted(logits, mask));
        seen.Add(id);
        said[id] = said.GetValueOrDefault(id) + 1;
        return id;
    }

    int Choose(ReadOnlySpan<float> scores)
    {
        if (settings.Temperature < Coldest) return Best(scores);
        candidates.Fill(scores, settings.TopK);
        candidates.TopK(settings.TopK);
        candidates.Typical(settings.Typical);
        candidates.TopP(settings.TopP);
        candidates.MinP(settings.MinP);
        candidates.Temper(settings.Temperature);
        return candidates.Draw((CounterRng.Mix(settings.Seed, drawn++) >> 11) * (1.0 / (1L << 53)));
    }

    /// <summary>The id of the largest score; of equal ones the lowest.</summary>
    public static int Best(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++) if (scores[i] > scores[best]) best = i;
        return best;
    }

    /// <summary>The scores with bias, penalties and mask; the same memory where there are none.</summary>
    /// <param name="logits">[V]</param>
    /// <param name="mask">Which tokens may come; null: any.</param>
    public ReadOnlySpan<float> Adjusted(ReadOnlySpan<float> logits, TokenMask? mask = null)
    {
        if (mask is null && settings is { LogitBias: null, RepetitionPenalty: 1, PresencePenalty: 0, FrequencyPenalty: 0 }) return logits;
        if (scratch.Length < logits.Length) scratch = new float[logits.Length];
        var y = scratch.AsSpan(0, logits.Length);
        logits.CopyTo(y);
        if (settings.LogitBias is { } biases) AddBiases(biases, y);
        if (settings.RepetitionPenalty != 1)
            foreach (var id in seen) y[id] = y[id] > 0 ? y[id] / settings.RepetitionPenalty : y[id] * settings.RepetitionPenalty;
        foreach (var (id, times) in said) y[id] -= settings.PresencePenalty + times * settings.FrequencyPenalty;
        mask?.Apply(y);
        return y;
    }

    static void AddBiases(IReadOnlyDictionary<int, float> biases, Span<float> scores)
    {
        foreach (var (id, bias) in biases)
            if ((uint)id < (uint)scores.Length) scores[id] += bias;
            else throw new ArgumentException($"logit bias for token {id}; this model has the tokens 0 to {scores.Length - 1}");
    }
}
