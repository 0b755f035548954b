using System.Text.Json.Nodes;
using Dayu.Inference;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>OpenAI's <c>POST /v1/chat/completions</c>.</summary>
/// <param name="serving">What it works with.</param>
sealed class ChatRoute(Serving serving)
{
    /// <summary>Answers.</summary>
    public async Task Answer(HttpContext http)
    {
        using var body = await RequestBody.Read(http).ConfigureAwait(false);
        var fields = new RequestFields(body.RootElement);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        var request = ChatRequest.Read(fields, lease.Model, serving.Settings);
        var form = new ChatForm(serving.NewId("chatcmpl"), serving.Now, lease.Model.Name, lease.Model.Text.Tokenizer);
        var pieces = Answering.Run(lease.Model.Engine, request.Wish, Serving.OwnerOf(http), time);
        if (request.IsStreamed) await Stream(http, request, form, pieces).ConfigureAwait(false);
        else await Whole(http, request, form, pieces).ConfigureAwait(false);
    }

    static async Task Whole(HttpContext http, ChatRequest request, ChatForm form, IAsyncEnumerable<ChoicePiece> pieces)
    {
        var (choices, cached) = (Choices(request), 0);
        await foreach (var next in pieces.ConfigureAwait(false))
        {
            choices[next.Choice].Add(next);
            if (next.Choice == 0) cached = next.Answer.CachedTokens;
        }
        await http.Response.Write(form.Whole(choices, UsageOf(request, choices, cached))).ConfigureAwait(false);
    }

    static async Task Stream(HttpContext http, ChatRequest request, ChatForm form, IAsyncEnumerable<ChoicePiece> pieces)
    {
        var (choices, cached, events) = (Choices(request), 0, EventStream.Of(http));
        var spoke = new bool[choices.Length];
        await foreach (var next in pieces.ConfigureAwait(false))
        {
            var (choice, told) = (choices[next.Choice], choices[next.Choice].Add(next));
            if (!spoke[next.Choice])
            {
                spoke[next.Choice] = true;
                if (next.Choice == 0) cached = next.Answer.CachedTokens;
                var first = new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null };
                await Send(next.Choice, first, null, null).ConfigureAwait(false);
            }
            if (next.Piece is not { } piece) await Send(next.Choice, [], null, choice.Finish).ConfigureAwait(false);
            else if (Delta(piece, told) is { } delta) await Send(next.Choice, delta, told, null).ConfigureAwait(false);
        }
        if (request.TellsUsage) await events.Send(form.UsageChunk(UsageOf(request, choices, cached))).ConfigureAwait(false);
        await events.Send("[DONE]").ConfigureAwait(false);

        Task Send(int choice, JsonObject delta, IReadOnlyList<TokenLogProb>? probs, string? finish) =>
            events.Send(form.Chunk(choice, delta, form.LogProbs(probs), finish, request.TellsUsage));
    }

    /// <summary>What a piece adds; null: nothing that is told.</summary>
    static JsonObject? Delta(Piece piece, IReadOnlyList<TokenLogProb>? told)
    {
        var delta = new JsonObject();
        if (piece.Reasoning.Length > 0) delta["reasoning_content"] = piece.Reasoning;
        if (piece.Text.Length > 0 || told is { Count: > 0 }) delta["content"] = piece.Text;
        return delta.Count > 0 ? delta : null;
    }

    static ChoiceSoFar[] Choices(ChatRequest request) =>
        [.. Enumerable.Range(0, request.Wish.Choices).Select(_ => new ChoiceSoFar(request.TellsProbs))];

    static Usage UsageOf(ChatRequest request, ChoiceSoFar[] choices, int cached) =>
        new(request.Wish.Prompt.Count, cached, choices.Sum(c => c.Tokens), choices.Sum(c => c.ReasoningTokens));
}
