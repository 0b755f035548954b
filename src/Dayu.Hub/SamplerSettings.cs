namespace Dayu.Hub;

/// <summary>
/// How the next token is chosen. The defaults choose as llama.cpp does where a model says nothing of its own.
/// </summary>
public sealed record SamplerSettings
{
    /// <summary>Divides the scores: above 1 evens them out, below 1 sharpens them, 0 always takes the best.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps the k best; 0: all. Fan et al. 2018, arXiv:1805.04833.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>
    /// Keeps the fewest best whose probabilities reach p; 1: all. Holtzman et al. 2019, arXiv:1904.09751.
    /// </summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>
    /// Keeps what is at least this share as likely as the best; 0: all. Nguyen et al. 2024, arXiv:2407.01082.
    /// </summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>
    /// Keeps the tokens nearest in surprise to what is to be expected, until their probabilities reach this; 1: all.
    /// Meister et al. 2022, arXiv:2202.00666.
    /// </summary>
    public float Typical { get; init; } = 1;

    /// <summary>
    /// Makes tokens of prompt and answer less likely: positive scores are divided by it, negative ones multiplied; 1:
    /// not. Keskar et al. 2019, arXiv:1909.05858.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken off the score of every token of the answer so far.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken off the score of every token of the answer so far, once for each time.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to scores, by token id.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Same seed, same text.</summary>
    public ulong Seed { get; init; }

    /// <summary>Always the best, nothing added or taken off.</summary>
    public static SamplerSettings Greedy { get; } = new() { Temperature = 0, TopK = 0, TopP = 1, MinP = 0 };

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it, its value and what is
    /// allowed.</exception>
    public SamplerSettings Checked()
    {
        Within("temperature", Temperature, 0, 100);
        Within("top-k", TopK, 0, int.MaxValue);
        Within("top-p", TopP, 0, 1);
        Within("min-p", MinP, 0, 1);
        Within("typical", Typical, 0, 1);
        Within("repeat-penalty", RepetitionPenalty, 0.01, 100);
        Within("presence-penalty", PresencePenalty, -100, 100);
        Within("frequency-penalty", FrequencyPenalty, -100, 100);
        return this;

        static void Within(string name, double value, double low, double high)
        {
            if (!(value >= low && value <= high))
                throw new ArgumentException($"{name} is {value}; it can be {low} to {(high == int.MaxValue ? "any number" : high)}");
        }
    }
}
