namespace Dayu.Tensors;

/// <summary>How rope's frequencies are stretched so that a model can read further than it was trained to.</summary>
/// <param name="Factor">How much further.</param>
public abstract record RopeScaling(float Factor)
{
    /// <summary>Changes the frequencies in place.</summary>
    /// <param name="frequencies">θ^(−2i/R), fastest first.</param>
    /// <param name="theta">The base θ.</param>
    public abstract void Apply(Span<double> frequencies, double theta);

    /// <summary>Factor on sine and cosine.</summary>
    public virtual float Magnitude { get; init; } = 1;
}

/// <summary>All frequencies divided by the factor. Chen et al. 2023, arXiv:2306.15595.</summary>
/// <param name="Factor">How much further.</param>
public sealed record LinearScaling(float Factor) : RopeScaling(Factor)
{
    /// <inheritdoc/>
    public override void Apply(Span<double> frequencies, double theta)
    {
        foreach (ref var f in frequencies) f /= Factor;
    }
}

/// <summary>Each frequency divided by its own factor: what GGUF files carry as <c>rope_freqs.weight</c>.</summary>
/// <param name="Factors">One a pair.</param>
public sealed record GivenScaling(float[] Factors) : RopeScaling(1)
{
    /// <inheritdoc/>
    public override void Apply(Span<double> frequencies, double theta)
    {
        if (Factors.Length != frequencies.Length)
            throw new ShapeException($"rope: {Factors.Length} frequency factors for {frequencies.Length} pairs");
        for (var i = 0; i < frequencies.Length; i++) frequencies[i] /= Factors[i];
    }
}

/// <summary>
/// Slow pairs divided by the factor, fast ones left, a smooth passage between. Llama 3.1 (Grattafiori et al. 2024,
/// arXiv:2407.21783).
/// </summary>
/// <param name="Factor">How much further.</param>
/// <param name="LowFactor">Pairs that turn less often than this in the original context are divided.</param>
/// <param name="HighFactor">Pairs that turn more often are left.</param>
/// <param name="OriginalContext">Positions of the original training.</param>
public sealed record Llama3Scaling(float Factor, float LowFactor, float HighFactor, int OriginalContext) : RopeScaling(Factor)
{
    /// <inheritdoc/>
    public override void Apply(Span<double> frequencies, double theta)
    {
        foreach (ref var f in frequencies)
        {
            var turns = OriginalContext * f / (2 * Math.PI);
            var smooth = Math.Clamp((turns - LowFactor) / (HighFactor - LowFactor), 0, 1);
            f = (1 - smooth) * f / Factor + smooth * f;
        }
    }
}

/// <summary>
/// YaRN: slow pairs interpolated, fast ones extrapolated, logits scaled. Peng et al. 2023, arXiv:2309.00071.
/// </summary>
/// <param name="Factor">How much further.</param>
/// <param name="OriginalContext">Positions of the original training.</param>
/// <param name="BetaFast">Turns in the original context above which a pair is left as it is.</param>
/// <param name="BetaSlow">Turns below which it is divided.</param>
/// <param name="AttentionFactor">Factor on sine and cosine; null: 0.1·ln(factor) + 1.</param>
/// <param name="Truncate">Whether the borders of the ramp are rounded outward to whole pairs.</param>
public sealed record YarnScaling(
    float Factor, int OriginalContext, float BetaFast = 32, float BetaSlow = 1, float? AttentionFactor = null, bool Truncate = true)
    : RopeScaling(Factor)
{
    /// <inheritdoc/>
    public override float Magnitude => AttentionFactor ?? (Factor <= 1 ? 1 : 0.1f * MathF.Log(Factor) + 1);

    /// <inheritdoc/>
    public override void Apply(Span<double> frequencies, double theta)
    {
        var width = 2 * frequencies.Length;
        var (low, high) = (PairTurning(BetaFast), PairTurning(BetaSlow));
        if (Truncate) (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, width - 1));
        if (low == high) high += 0.001;
        for (var i = 0; i < frequencies.Length; i++)
        {
            var interpolated = Math.Clamp((i - low) / (high - low), 0, 1);
            frequencies[i] *= interpolated / Factor + 1 - interpolated;
        }

        double PairTurning(double turns) => width * Math.Log(OriginalContext / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
    }
}
