using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>JSON that goes out: Chinese stays legible. Nothing else is made of it than JSON: its type is said, and holds.</summary>
static class Json
{
    static readonly JsonSerializerOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As text.</summary>
    public static string Text(JsonNode json) => json.ToJsonString(options);

    /// <summary>As the whole answer.</summary>
    public static async Task Write(this HttpResponse response, JsonNode json, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        var bytes = Encoding.UTF8.GetBytes(Text(json));
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Numbers as a list.</summary>
    public static JsonArray List(IEnumerable<int> values) => [.. values.Select(v => (JsonNode)v)];
}
