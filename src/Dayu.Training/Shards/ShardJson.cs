using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>What <c>shards.json</c> says, checked; whatever it claims, no more is taken than the files have.</summary>
/// <param name="fields">An object of it.</param>
/// <param name="file">For messages.</param>
/// <param name="at">The object's own place, with what joins it to a key.</param>
sealed class ShardJson(JsonObject fields, string file, string at = "")
{
    /// <summary>Files as they are written.</summary>
    public static JsonArray Of(IEnumerable<ShardFile> files) => new([.. files.Select(f => (JsonNode)new JsonObject
    {
        ["part"] = f.Part, ["name"] = f.Name, ["tokens"] = f.Tokens, ["documents"] = f.Documents, ["sha256"] = f.Hash,
        ["index_sha256"] = f.IndexHash,
    })]);

    /// <summary>A text that must be there.</summary>
    /// <exception cref="InvalidDataException">It is not; so of those below.</exception>
    public string Text(string key) => fields[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text
        : throw Wrong(key, JsonExpected.Text);

    /// <summary>A whole number, 0 … most.</summary>
    public long Count(string key, long most = long.MaxValue) =>
        fields[key] is JsonValue value && value.TryGetValue<long>(out var count) && count >= 0
            ? count <= most ? count : throw new InvalidDataException($"{file}: {at}{key} is {count}; at most {most} is possible")
            : throw Wrong(key, JsonExpected.Whole);

    /// <summary>An object; null: there is none.</summary>
    public ShardJson? Object(string key) => fields[key] switch
    {
        null => null,
        JsonObject inner => new(inner, file, $"{at}{key}."),
        _ => throw Wrong(key, JsonExpected.Object),
    };

    /// <summary>The files of a set or of a state.</summary>
    public IEnumerable<ShardFile> Files(string key)
    {
        if (fields[key] is not JsonArray all) throw Wrong(key, JsonExpected.Array);
        var next = new Dictionary<string, int> { [ShardFile.Train] = 0, [ShardFile.Held] = 0 };
        for (var i = 0; i < all.Count; i++)
        {
            var own = $"{at}{key}[{i}]";
            var entry = all[i] is JsonObject said ? new ShardJson(said, file, own + ".")
                : throw JsonFault.Wrong(file, own, all[i], JsonExpected.Object);
            var (part, name) = (entry.Text("part"), entry.Text("name"));
            if (!next.TryGetValue(part, out var number))
                throw new InvalidDataException($"{file}: {own}.part is {MappedFile.Shown(part)}; expected train or held");
            if (ShardFile.NameOf(part, number) is var expected && name != expected)
                throw new InvalidDataException($"{file}: {own}.name is {MappedFile.Shown(name)}; expected {expected}");
            next[part]++;
            yield return new(part, name, entry.Count("tokens", long.MaxValue / sizeof(uint)),
                entry.Count("documents", long.MaxValue / ShardFile.Entry), entry.Hash("sha256"), entry.Hash("index_sha256"));
        }
    }

    /// <summary>A SHA-256 in hexadecimal.</summary>
    public string Hash(string key) => Text(key) is { Length: 64 } hash && hash.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f') ? hash
        : throw new InvalidDataException($"{file}: {at}{key} is {MappedFile.Shown(Text(key))}; expected a SHA-256, 64 digits of 0 … f");

    InvalidDataException Wrong(string key, JsonExpected expected) => fields[key] is null
        ? JsonFault.Missing(file, at + key, expected) : JsonFault.Wrong(file, at + key, fields[key], expected);
}
