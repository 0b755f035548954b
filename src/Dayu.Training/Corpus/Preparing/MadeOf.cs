using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What a corpus is made of: options and inputs. Two that are the same give the same bytes.</summary>
static class MadeOf
{
    /// <summary>For the record.</summary>
    public static JsonObject Json(CleaningJob job) => new()
    {
        ["version"] = 1,
        ["options"] = job.Options.ToJson(),
        ["inputs"] = new JsonArray([.. job.Inputs.Select(i => (JsonNode)i.ToJson())]),
        ["id_tokenizer"] = job.IdTokenizer is { } path ? ShardTokenizer.Hash(path) : null,
        ["evaluation"] = new JsonArray([.. job.Evaluations.Select(e => (JsonNode)new JsonObject
        {
            ["path"] = e.Path, ["excludes"] = e.Excludes, ["bytes"] = new FileInfo(e.Path).Length,
        })]),
    };

    /// <summary>The first thing that differs: <c>options.held: 0.01, now 0.02</c>; null: nothing does.</summary>
    public static string? Difference(JsonNode? then, JsonNode? now, string at = "")
    {
        if (JsonNode.DeepEquals(then, now)) return null;
        if (then is JsonObject a && now is JsonObject b)
            return a.Select(p => p.Key).Union(b.Select(p => p.Key))
                .Select(key => Difference(a[key], b[key], at.Length == 0 ? key : $"{at}.{key}")).FirstOrDefault(d => d is not null);
        if (then is JsonArray x && now is JsonArray y && x.Count == y.Count)
            return x.Zip(y).Index().Select(p => Difference(p.Item.First, p.Item.Second, $"{at}[{p.Index}]"))
                .FirstOrDefault(d => d is not null);
        return then is JsonArray { Count: var before } && now is JsonArray { Count: var after } && before != after
            ? $"{at}: {before:N0} of them, now {after:N0}" : $"{at}: {then?.ToJsonString() ?? "null"}, now {now?.ToJsonString() ?? "null"}";
    }
}
