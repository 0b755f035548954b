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
        var fields = await serving.Fields(http).ConfigureAwait(false);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        var request = ChatRequest.Read(fields, lease.Model, serving.Settings);
        using var meter = serving.Meter("chat", lease.Model);
        var form = new ChatForm(serving.NewId("chatcmpl"), serving.Now, lease.Model.Name, lease.Model.Text.Tokenizer);
        var choices = new ChoicesSoFar(request.Wish.Prompt.Count, request.Wish.Choices, request.TellsProbs, meter);
        var pieces = Answering.Run(lease.Model.Engine, [.. request.Wish.Requests(Serving.OwnerOf(http))], time);
        if (request.IsStreamed) await Stream(EventStream.Of(http), request, form, choices, pieces).ConfigureAwait(false);
        else
        {
            await foreach (var next in pieces.ConfigureAwait(false)) choices.Add(next);
            await http.Response.Write(form.Whole(choices, choices.Usage)).ConfigureAwait(false);
        }
        meter.Done();
    }

    static async Task Stream(
        EventStream events, ChatRequest request, ChatForm form, ChoicesSoFar choices, IAsyncEnumerable<ChoicePiece> pieces)
    {
        var spoke = new bool[choices.Count];
        await foreach (var next in pieces.ConfigureAwait(false))
        {
            var told = choices.Add(next);
            if (!spoke[next.Choice])
            {
                spoke[next.Choice] = true;
                var first = new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null };
                await Send(next.Choice, first, request.TellsProbs ? [] : null).ConfigureAwait(false);
            }
            if (next.Piece is not { } piece) await Send(next.Choice, [], null, choices[next.Choice].Finish).ConfigureAwait(false);
            else if (Delta(piece, told) is { } delta) await Send(next.Choice, delta, told).ConfigureAwait(false);
        }
        if (request.TellsUsage) await events.Send(form.UsageChunk(choices.Usage)).ConfigureAwait(false);
        await events.Send("[DONE]").ConfigureAwait(false);

        Task Send(int choice, JsonObject delta, IReadOnlyList<TokenLogProb>? probs = null, string? finish = null) =>
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
}
