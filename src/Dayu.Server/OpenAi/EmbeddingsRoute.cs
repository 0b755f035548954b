using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>OpenAI's <c>POST /v1/embeddings</c>: texts as vectors, by an encoder or any other model.</summary>
/// <param name="serving">What it works with.</param>
sealed class EmbeddingsRoute(Serving serving)
{
    const int MostTexts = 2048, TokensTogether = 2048;               // tokens of a pass; others compute in between

    /// <summary>Answers.</summary>
    public async Task Answer(HttpContext http)
    {
        var fields = await serving.Fields(http).ConfigureAwait(false);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        var isBase64 = fields.Word("encoding_format", "float", "base64") == "base64";
        var (limit, width, tokens) = await lease.Model.Embedding(e => (e.Limit, e.Width, (Func<string, int[]>)e.Tokens), time.Token)
            .ConfigureAwait(false);
        var dimensions = fields.Integer("dimensions", 1, width);
        var texts = PromptFields.Read(fields, "input", MostTexts, tokens, _ => "");
        Check(fields, texts, limit);
        using var meter = serving.Meter("embeddings", lease.Model);
        meter.Prompt = texts.Sum(t => t.Ids.Count);
        var vectors = new List<float[]>();
        foreach (var some in Passes(texts))
            vectors.AddRange(await Compute(lease.Model, some, time).ConfigureAwait(false));
        await http.Response.Write(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. vectors.Select((v, i) => Vector(Shortened(v, dimensions), i, isBase64))]),
            ["model"] = lease.Model.Name,
            ["usage"] = new JsonObject { ["prompt_tokens"] = meter.Prompt, ["total_tokens"] = meter.Prompt },
        }).ConfigureAwait(false);
        meter.Done();
    }

    static async Task<float[][]> Compute(HostedModel model, IReadOnlyList<int[]> texts, RequestTime time)
    {
        try { return await model.Embedding(e => e.Embed(texts), time.Token).ConfigureAwait(false); }
        catch (OperationCanceledException) when (!time.ClientLeft) { throw time.Why(); }
    }

    /// <summary>Nothing is cut silently.</summary>
    static void Check(RequestFields fields, IReadOnlyList<RawPrompt> texts, int limit)
    {
        foreach (var (i, text) in texts.Index())
            if (text.Ids.Count > limit)
                throw ApiError.Wrong($"{fields.At("input")}[{i}]", $"text {i} is {text.Ids.Count} tokens; this model reads {limit}. "
                    + "Nothing was cut: send it in parts", "context_length_exceeded");
    }

    static IEnumerable<IReadOnlyList<int[]>> Passes(IReadOnlyList<RawPrompt> texts)
    {
        var (pass, tokens) = (new List<int[]>(), 0);
        foreach (var text in texts)
        {
            if (tokens > 0 && tokens + text.Ids.Count > TokensTogether)
            {
                yield return pass;
                (pass, tokens) = ([], 0);
            }
            pass.Add([.. text.Ids]);
            tokens += text.Ids.Count;
        }
        yield return pass;
    }

    /// <summary>The first values, of length 1 again (Kusupati et al. 2022, arXiv:2205.13147).</summary>
    static float[] Shortened(float[] vector, int? dimensions)
    {
        if (dimensions is not { } count || count == vector.Length) return vector;
        var first = vector[..count];
        var length = MathF.Sqrt(first.Sum(x => x * x));
        return length > 0 ? Array.ConvertAll(first, x => x / length) : first;
    }

    static JsonObject Vector(float[] vector, int index, bool isBase64) => new()
    {
        ["object"] = "embedding", ["index"] = index,
        ["embedding"] = isBase64 ? Base64(vector) : new JsonArray([.. vector.Select(x => (JsonNode)x)]),
    };

    static string Base64(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return Convert.ToBase64String(bytes);
    }
}
