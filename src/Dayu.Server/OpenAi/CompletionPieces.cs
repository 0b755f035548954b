using System.Runtime.CompilerServices;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>A piece of an answer to <c>/v1/completions</c>: of what was sent, of what was written, or its end.</summary>
/// <param name="Answer">Which of the answers.</param>
/// <param name="Text">Whole characters.</param>
/// <param name="Tokens">Its tokens, with their probabilities where these are told; null: nothing was before it.</param>
sealed record CompletionPiece(int Answer, string Text, IReadOnlyList<(int Id, TokenLogProb? Score)> Tokens)
{
    /// <summary>Whether it is what was sent.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>Tokens that were written, the one that ended it not counted.</summary>
    public int Written { get; init; }

    /// <summary>Tokens of the prompt that need not be computed.</summary>
    public int Cached { get; init; }

    /// <summary>Why it ended; null: it goes on.</summary>
    public string? Finish { get; init; }
}

/// <summary>The pieces of all answers to a request.</summary>
/// <param name="model">Who answers.</param>
/// <param name="request">What is asked.</param>
/// <param name="time">How long.</param>
sealed class CompletionPieces(HostedModel model, CompletionRequest request, RequestTime time)
{
    /// <summary>As they come.</summary>
    public async IAsyncEnumerable<CompletionPiece> All(string owner, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (request.Echoes)
            for (var i = 0; i < request.Prompts.Count; i++)
            {
                using var scores = request.TellsProbs ? await Score(request.Prompts[i]).ConfigureAwait(false) : null;
                for (var k = i * request.Of; k < (i + 1) * request.Of; k++)
                {
                    yield return Prompt(k, scores);
                    if (scores is not null && request.MaxTokens == 1)
                        foreach (var piece in One(k, scores)) yield return piece;
                }
            }
        if (request.MaxTokens == 0)
            for (var k = 0; k < request.Count; k++) yield return new(k, "", []) { Finish = "length" };
        if (request.MaxTokens == 0 || request is { Echoes: true, TellsProbs: true, MaxTokens: 1 }) yield break;
        await foreach (var piece in Answering.Run(model.Engine, request.Requests(owner), time, cancel).ConfigureAwait(false))
            yield return piece.Piece is { } made ? Made(piece.Choice, made, piece.Answer.CachedTokens)
                : End(piece.Choice, piece.Answer.Reason, piece.Answer.EndLogProb);
    }

    /// <summary>Reads a prompt, a piece at a time; others compute in between.</summary>
    async Task<PromptScores> Score(RawPrompt prompt)
    {
        var fits = model.Engine.Context - (request.MaxTokens > 0 ? 1 : 0);
        if (prompt.Ids.Count > fits) throw new ContextOverflowException(prompt.Ids.Count, model.Engine.Context);
        var top = request.Settings.LogProbs!.Value;
        var scores = await model.Between(m => new PromptScores(m, prompt.Ids, top, model.CacheFormat)).ConfigureAwait(false);
        try
        {
            while (await model.Between(_ => scores.Read()).ConfigureAwait(false))
                if (time.Token.IsCancellationRequested) throw time.ClientLeft ? new OperationCanceledException(time.Token) : time.Why();
            return scores;
        }
        catch
        {
            scores.Dispose();
            throw;
        }
    }

    CompletionPiece Prompt(int answer, PromptScores? scores)
    {
        var prompt = request.PromptOf(answer);
        (int, TokenLogProb?)[] tokens = scores is null ? [] : [.. prompt.Ids.Select((id, i) => (id, scores.Scores[i]))];
        return new(answer, prompt.Text, tokens) { IsPrompt = true };
    }

    /// <summary>The only token of an answer whose prompt was scored: what comes next is known already.</summary>
    IEnumerable<CompletionPiece> One(int answer, PromptScores scores)
    {
        var prompt = request.PromptOf(answer);
        var wanted = new Wish(prompt.Ids, request.Settings).Seeded(answer % request.Of);
        var generation = new Generation(model.Text, prompt.Ids, wanted, room: 1);
        if (generation.Next(scores.Next) is { } piece) yield return Made(answer, piece, 0);
        if (generation.Rest() is { } rest) yield return Made(answer, rest, 0);
        yield return End(answer, generation.Reason, generation.EndLogProb);
    }

    static CompletionPiece Made(int answer, Piece piece, int cached) =>
        new(answer, piece.Text, [.. piece.LogProbs.Select(p => (p.Id, (TokenLogProb?)p))]) { Written = piece.Ids.Length, Cached = cached };

    /// <summary>
    /// The token that ended an answer counts as none, but has its probability: who scores texts reads one behind the prompt.
    /// </summary>
    static CompletionPiece End(int answer, FinishReason? reason, TokenLogProb? end) =>
        new(answer, "", end is null ? [] : [(end.Id, end)]) { Finish = reason == FinishReason.Length ? "length" : "stop" };
}
