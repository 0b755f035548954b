using Dayu.Hub;

namespace Dayu.Inference;

/// <summary>What an engine is asked.</summary>
/// <param name="Prompt">Token ids, one at least.</param>
/// <param name="Settings">What is wanted of the answer.</param>
public sealed record EngineRequest(IReadOnlyList<int> Prompt, GenerationSettings Settings)
{
    /// <summary>Whose it is: those who ask take turns.</summary>
    public string Owner { get; init; } = "";
}

/// <summary>How much an engine takes on.</summary>
public sealed record EngineLimits
{
    /// <summary>Tokens that fit into one text, prompt and answer; null: the model's own limit, up to 8,192.</summary>
    public int? Context { get; init; }

    /// <summary>Tokens that all texts together may hold, the context at least; null: four times the context.</summary>
    public int? Tokens { get; init; }

    /// <summary>Answers at a time, 1 or more.</summary>
    public int Together { get; init; } = 8;

    /// <summary>Requests that may wait, 0 or more.</summary>
    public int Waiting { get; init; } = 64;

    /// <summary>Pieces that nobody has taken yet, of one answer; then nothing is computed for it until they are taken.</summary>
    public int Pieces { get; init; } = 256;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    public EngineLimits Checked()
    {
        Check(nameof(Context), Context, 2);
        Check(nameof(Tokens), Tokens, Context ?? 2);
        Check(nameof(Together), Together, 1);
        Check(nameof(Waiting), Waiting, 0);
        Check(nameof(Pieces), Pieces, 1);
        return this;

        static void Check(string name, int? value, int least)
        {
            if (value < least) throw new ArgumentException($"{name} is {value}, expected {least} or more");
        }
    }
}

/// <summary>How busy an engine is.</summary>
/// <param name="Running">Answers that are being made.</param>
/// <param name="Waiting">Requests that wait.</param>
/// <param name="FreeTokens">Room in the cache, in tokens; what is kept to begin from counts as taken.</param>
/// <param name="Tokens">Room in all.</param>
public sealed record EngineLoad(int Running, int Waiting, long FreeTokens, long Tokens);

/// <summary>So many requests wait that no more are taken.</summary>
/// <param name="waiting">Those that wait.</param>
/// <param name="retryAfter">When one may be through, by what answers took so far.</param>
public sealed class EngineBusyException(int waiting, TimeSpan retryAfter)
    : Exception($"{waiting} requests wait already; ask again in {retryAfter.TotalSeconds:F0} s")
{
    /// <summary>When to ask again.</summary>
    public TimeSpan RetryAfter => retryAfter;
}
