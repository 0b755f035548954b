using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>What <c>/set</c> can change.</summary>
static class ChatSettings
{
    public static string[] Names { get; } =
    [
        "temperature", "top-k", "top-p", "min-p", "typical", "repeat-penalty", "presence-penalty", "frequency-penalty",
        "seed", "max-tokens",
    ];

    /// <summary>The settings with one of them changed; null: no such name.</summary>
    /// <param name="settings">As they are.</param>
    /// <param name="name">Which.</param>
    /// <param name="value">What it is to be.</param>
    /// <param name="random">A seed where −1 asks for one.</param>
    /// <exception cref="CliError">The value is no number.</exception>
    /// <exception cref="ArgumentException">It is out of range; the message says what is allowed.</exception>
    public static GenerationSettings? Changed(GenerationSettings settings, string name, string value, Func<ulong> random)
    {
        if (!Names.Contains(name)) return null;
        var s = settings.Sampler;
        return name switch
        {
            "max-tokens" => settings with { MaxTokens = Positive() },
            "seed" => With(s with { Seed = Seed() }),
            "top-k" => With(s with { TopK = Whole() }),
            "temperature" => With(s with { Temperature = Real() }),
            "top-p" => With(s with { TopP = Real() }),
            "min-p" => With(s with { MinP = Real() }),
            "typical" => With(s with { Typical = Real() }),
            "repeat-penalty" => With(s with { RepetitionPenalty = Real() }),
            "presence-penalty" => With(s with { PresencePenalty = Real() }),
            _ => With(s with { FrequencyPenalty = Real() }),
        };

        GenerationSettings With(SamplerSettings sampler) => settings with { Sampler = sampler.Checked() };

        int Whole() => Numbers.TryWhole(value, out var n) ? n : throw Numbers.Error(name, value, isWhole: true);

        int Positive() => Whole() is > 0 and var n ? n : throw new CliError(2006, new Phrase("not-positive", name, value));

        float Real() => Numbers.TryReal(value, out var x) ? (float)x : throw Numbers.Error(name, value, isWhole: false);

        ulong Seed() => Numbers.TrySeed(value, out var seed) ? seed.Value ?? random() : throw Numbers.Error(name, value, isWhole: true);
    }
}
