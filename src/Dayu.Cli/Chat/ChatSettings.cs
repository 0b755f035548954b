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

    /// <summary>The settings with one of them changed; null: no such name, or no such number.</summary>
    /// <exception cref="ArgumentException">The value is out of range; the message says what is allowed.</exception>
    public static GenerationSettings? Changed(GenerationSettings settings, string name, string value)
    {
        if (name == "max-tokens") return int.TryParse(value, out var most) && most > 0 ? settings with { MaxTokens = most } : null;
        var s = settings.Sampler;
        var sampler = name == "seed" ? (ulong.TryParse(value, out var seed) ? s with { Seed = seed } : null)
            : name == "top-k" ? (int.TryParse(value, out var k) ? s with { TopK = k } : null)
            : !float.TryParse(value, out var x) ? null
            : name switch
            {
                "temperature" => s with { Temperature = x },
                "top-p" => s with { TopP = x },
                "min-p" => s with { MinP = x },
                "typical" => s with { Typical = x },
                "repeat-penalty" => s with { RepetitionPenalty = x },
                "presence-penalty" => s with { PresencePenalty = x },
                "frequency-penalty" => s with { FrequencyPenalty = x },
                _ => null,
            };
        return sampler is null ? null : settings with { Sampler = sampler.Checked() };
    }
}
