using Dayu.Inference;

namespace Dayu.Server;

/// <summary>A request to go on with texts: OpenAI's <c>POST /v1/completions</c>.</summary>
/// <param name="Prompts">The texts.</param>
/// <param name="Settings">Of the first answer; each further one has the next seed.</param>
/// <param name="Choices">Answers to each that are given.</param>
/// <param name="Of">Answers to each that are made; the likeliest are given.</param>
/// <param name="MaxTokens">Tokens at most; 0: nothing is written, only what was sent is scored.</param>
sealed record CompletionRequest(IReadOnlyList<RawPrompt> Prompts, GenerationSettings Settings, int Choices, int Of, int MaxTokens)
{
    const int MostPrompts = 128, MostTop = 5, DefaultTokens = 16;

    /// <summary>Whether the answer begins with the prompt.</summary>
    public bool Echoes { get; init; }

    /// <summary>Whether each token's probability is told.</summary>
    public bool TellsProbs { get; init; }

    /// <summary>Whether it is answered in events.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether the last event counts tokens.</summary>
    public bool TellsUsage { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="ApiError">A field is wrong, or asks for what is not there.</exception>
    public static CompletionRequest Read(RequestFields fields, HostedModel model, ServerSettings settings)
    {
        SamplingFields.Refuse(fields, "suffix");
        var (stream, probs) = (fields.Flag("stream") ?? false, fields.Integer("logprobs", 0, MostTop));
        var choices = fields.Integer("n", 1, settings.MostChoices) ?? 1;
        var of = fields.Integer("best_of", choices, settings.MostChoices) ?? choices;
        if (stream && of > choices)
            throw ApiError.Wrong("best_of", "best_of is more than n: the best are known at the end; leave stream out");
        var most = fields.Integer("max_tokens", 0, int.MaxValue) ?? DefaultTokens;
        var wanted = SamplingFields.Read(fields, model, settings.Luck(), Math.Max(1, most), probs ?? (of > choices ? 0 : null));
        var options = fields.Object("stream_options");
        if (options is not null && !stream) throw ApiError.Wrong("stream_options", "stream_options is only for answers with stream: true");
        return new(PromptFields.Read(fields, "prompt", MostPrompts, model), wanted, choices, of, most)
        {
            Echoes = fields.Flag("echo") ?? false, TellsProbs = probs is not null, IsStreamed = stream,
            TellsUsage = options?.Flag("include_usage") ?? false,
        };
    }

    /// <summary>Answers that are made, of all prompts: those of the first come first.</summary>
    public int Count => Prompts.Count * Of;

    /// <summary>The prompt that an answer goes on from.</summary>
    public RawPrompt PromptOf(int answer) => Prompts[answer / Of];

    /// <summary>What the engine is asked.</summary>
    public EngineRequest[] Requests(string owner) => [.. Prompts.SelectMany(p => new Wish(p.Ids, Settings, Of).Requests(owner))];
}
