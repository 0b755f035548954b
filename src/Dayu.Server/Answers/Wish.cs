using Dayu.Inference;

namespace Dayu.Server;

/// <summary>What a request comes to, whatever dialect it is in: a prompt, and how it is to be answered how often.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Settings">Of the first choice; each further one has the next seed.</param>
/// <param name="Choices">Answers that are wanted.</param>
sealed record Wish(IReadOnlyList<int> Prompt, GenerationSettings Settings, int Choices = 1)
{
    /// <summary>What the engine is asked.</summary>
    public IEnumerable<EngineRequest> Requests(string owner) =>
        Enumerable.Range(0, Choices).Select(choice => new EngineRequest(Prompt, Seeded(choice)) { Owner = owner });

    /// <summary>The settings of one of the choices.</summary>
    public GenerationSettings Seeded(int choice) =>
        Settings with { Sampler = Settings.Sampler with { Seed = unchecked(Settings.Sampler.Seed + (ulong)choice) } };
}

/// <summary>A piece of one of the choices.</summary>
/// <param name="Choice">Which one, from 0.</param>
/// <param name="Piece">The piece; null: the choice is over.</param>
/// <param name="Answer">The choice as a whole.</param>
sealed record ChoicePiece(int Choice, Piece? Piece, EngineAnswer Answer)
{
    /// <summary>Why it ended, where it has.</summary>
    public FinishReason? Reason => Piece is null ? Answer.Reason : null;
}
