using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>OpenAI's <c>POST /v1/completions</c>: to go on with texts, and to score them.</summary>
/// <param name="serving">What it works with.</param>
sealed class CompletionsRoute(Serving serving)
{
    /// <summary>Answers.</summary>
    public async Task Answer(HttpContext http)
    {
        var fields = await serving.Fields(http).ConfigureAwait(false);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        var request = CompletionRequest.Read(fields, lease.Model, serving.Settings);
        if (request.Prompts.FirstOrDefault(p => p.Ids.Count == 0) is not null)
            throw ApiError.Wrong("prompt", "the prompt is empty: there is nothing to go on from; give some text");
        using var meter = serving.Meter("text_completion", lease.Model);
        meter.Prompt = request.Prompts.Sum(p => p.Ids.Count);
        var form = new CompletionForm(serving.NewId("cmpl"), serving.Now, lease.Model.Name, request);
        CompletionChoice[] choices = [.. Enumerable.Range(0, request.Count)
            .Select(i => new CompletionChoice(lease.Model.Text.Tokenizer, request.PromptOf(i), request))];
        var events = request.IsStreamed ? EventStream.Of(http) : null;
        var pieces = new CompletionPieces(lease.Model, request, time).All(Serving.OwnerOf(http));
        await foreach (var piece in pieces.ConfigureAwait(false))
        {
            if (piece.Written > 0) meter.Token();
            meter.Completion += piece.Written;
            var told = choices[piece.Answer].Add(piece);
            if (events is not null && (piece.Text.Length > 0 || told is not null || piece.Finish is not null))
                await events.Send(form.Chunk(piece, told)).ConfigureAwait(false);
        }
        if (events is null) await http.Response.Write(form.Whole(choices)).ConfigureAwait(false);
        else
        {
            if (request.TellsUsage) await events.Send(form.UsageChunk(choices)).ConfigureAwait(false);
            await events.Send("[DONE]").ConfigureAwait(false);
        }
        meter.Done();
    }
}

/// <summary>How answers to <c>/v1/completions</c> are written.</summary>
/// <param name="Id">Its name, the same in all events.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Request">What was asked.</param>
sealed record CompletionForm(string Id, long Created, string Model, CompletionRequest Request)
{
    /// <summary>An event.</summary>
    public JsonObject Chunk(CompletionPiece piece, JsonNode? logProbs)
    {
        var chunk = Head(Choice(piece.Answer, piece.Text, logProbs, piece.Finish));
        if (Request.TellsUsage) chunk["usage"] = null;
        return chunk;
    }

    /// <summary>The last event, which counts tokens.</summary>
    public JsonObject UsageChunk(CompletionChoice[] choices)
    {
        var chunk = Head();
        chunk["usage"] = UsageOf(choices).ToJson();
        return chunk;
    }

    /// <summary>The whole answer: of the answers to each prompt the likeliest.</summary>
    public JsonObject Whole(CompletionChoice[] choices)
    {
        var given = choices.Chunk(Request.Of).SelectMany(c => Request.Of == Request.Choices ? c
            : c.OrderByDescending(x => x.MeanLogProb).Take(Request.Choices));
        var whole = Head([.. given.Select((c, i) => Choice(i, c.Text, c.LogProbs, c.Finish))]);
        whole["usage"] = UsageOf(choices).ToJson();
        return whole;
    }

    Usage UsageOf(CompletionChoice[] choices) => new(Request.Prompts.Sum(p => p.Ids.Count),
        choices.Chunk(Request.Of).Sum(c => c[0].Cached), choices.Sum(c => c.Tokens), 0);

    static JsonObject Choice(int index, string text, JsonNode? logProbs, string? finish) => new()
    {
        ["text"] = text, ["index"] = index, ["logprobs"] = logProbs, ["finish_reason"] = finish,
    };

    JsonObject Head(params JsonNode[] choices) => new()
    {
        ["id"] = Id, ["object"] = "text_completion", ["created"] = Created, ["model"] = Model,
        ["system_fingerprint"] = ChatForm.Fingerprint, ["choices"] = new JsonArray(choices),
    };
}
