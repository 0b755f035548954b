using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Dayu.Tests;

/// <summary>One answer as a test dictates it, piece by piece: nothing is sent before the test says so.</summary>
sealed class Script
{
    readonly Channel<byte[]?> pieces = Channel.CreateUnbounded<byte[]?>();
    readonly TaskCompletionSource<JsonNode> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Not 200: the answer is an error.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Of an error.</summary>
    public string Code { get; init; } = "";

    public string Message { get; init; } = "";

    public int? RetryAfter { get; init; }

    /// <summary>What was asked, once it was.</summary>
    public Task<JsonNode> Asked => asked.Task.WaitAsync(Browser.Patience);

    /// <summary>The client went away before the end.</summary>
    public Task Left => left.Task.WaitAsync(Browser.Patience);

    /// <summary>A whole answer in pieces.</summary>
    public static Script Of(params string[] pieces)
    {
        var script = new Script();
        foreach (var piece in pieces) script.Say(piece);
        return script.End(tokens: pieces.Length);
    }

    public Script Say(string text) => Send(Chunk(new() { ["content"] = text }));

    public Script Think(string text) => Send(Chunk(new() { ["reasoning_content"] = text }));

    public Script Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public Script Send(byte[] bytes)
    {
        pieces.Writer.TryWrite(bytes);
        return this;
    }

    public Script End(string finish = "stop", int tokens = 1)
    {
        var usage = new JsonObject { ["choices"] = new JsonArray(), ["usage"] = new JsonObject { ["completion_tokens"] = tokens } };
        Send(Chunk([], finish) + $"data: {usage.ToJsonString()}\n\ndata: [DONE]\n\n");
        pieces.Writer.TryComplete();
        return this;
    }

    /// <summary>The connection breaks.</summary>
    public void Break() => pieces.Writer.TryWrite(null);

    public static string Chunk(JsonObject delta, string? finish = null) => "data: " + new JsonObject
    {
        ["id"] = "chatcmpl-1", ["object"] = "chat.completion.chunk",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    }.ToJsonString() + "\n\n";

    /// <summary>Answers a request.</summary>
    public async Task Answer(HttpContext http)
    {
        asked.TrySetResult((await JsonNode.ParseAsync(http.Request.Body))!);
        http.Response.StatusCode = Status;
        if (RetryAfter is { } seconds) http.Response.Headers.RetryAfter = $"{seconds}";
        if (Status != 200)
        {
            var error = new JsonObject { ["error"] = new JsonObject { ["message"] = Message, ["code"] = Code } };
            await http.Response.WriteAsync(error.ToJsonString());
            return;
        }
        http.Response.ContentType = "text/event-stream";
        try
        {
            await http.Response.Body.FlushAsync();
            await foreach (var piece in pieces.Reader.ReadAllAsync(http.RequestAborted))
            {
                if (piece is null) http.Abort();
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            left.TrySetResult();
        }
    }
}
