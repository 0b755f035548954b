using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>A request's JSON, all of it looked at once: what is read of it later is text that can be read.</summary>
static class RequestBody
{
    const int MostDepth = 64;

    /// <summary>How JSON of others is read: not deeper than this, and no name twice.</summary>
    public static JsonDocumentOptions Options { get; } = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };

    const string TextKey = "Dayu.Text";

    /// <summary>Reads it.</summary>
    /// <exception cref="ApiError">It is no JSON object, or takes too long to come.</exception>
    public static async Task<JsonDocument> Read(HttpContext http, ServerSettings settings)
    {
        using var late = new CancellationTokenSource(settings.BodyTime, settings.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        using var all = new MemoryStream();
        try { await http.Request.Body.CopyToAsync(all, stop.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new ApiError(408, "invalid_request_error", $"the body did not come within {settings.BodyTime.TotalSeconds:F0} s");
        }
        var bytes = all.ToArray();
        if (settings.LogsText) http.Items[TextKey] = Encoding.UTF8.GetString(bytes);
        return Parse(bytes);
    }

    /// <summary>What was read, where the log may have it.</summary>
    public static string? TextOf(HttpContext http) => http.Items[TextKey] as string;

    /// <summary>Bytes to a document.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
            throw new ApiError(400, "invalid_request_error", "the body is not UTF-8; JSON is sent as UTF-8") { Code = "invalid_utf8" };
        JsonDocument document;
        try { document = JsonDocument.Parse(bytes, Options); }
        catch (JsonException e)
        {
            throw new ApiError(400, "invalid_request_error", Malformed(e, bytes.Length)) { Code = "invalid_json" };
        }
        try
        {
            Check(document.RootElement, "$");
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw ApiError.Wrong("$", $"the body is {RequestFields.Found(document.RootElement)}, expected an object");
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    static string Malformed(JsonException e, int length) => length == 0
        ? "the body is empty, expected a JSON object"
        : $"the body is not JSON: at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {FirstSentence(e.Message)}"
            + $" At most {MostDepth} objects and arrays can be in one another.";

    static string FirstSentence(string message) => message.Split(" LineNumber", 2)[0].Split(" Path:", 2)[0];

    static bool MayHaveText(JsonValueKind kind) => kind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object;

    /// <summary>Escapes may spell half a character, which is no text.</summary>
    static void Check(JsonElement element, string path)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    _ = element.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (var (i, item) in element.EnumerateArray().Index())
                        if (MayHaveText(item.ValueKind)) Check(item, $"{path}[{i}]");
                    break;
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject()) Check(property.Value, RequestFields.Member(path, property.Name));
                    break;
            }
        }
        catch (InvalidOperationException)
        {
            throw ApiError.Wrong(path, $"{path} has half of a surrogate pair, which is no character; leave it out or write both halves",
                "invalid_text");
        }
    }
}
