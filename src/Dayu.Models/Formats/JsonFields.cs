using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// A JSON object out of a file, asked for values by key and kind. null counts as absent; a value of another kind is an error that
/// names file and key.
/// </summary>
/// <param name="fields">The object.</param>
/// <param name="file">For messages: the file.</param>
/// <param name="at">The object's own place in it, with what joins it to a key: <c>messages[2].</c></param>
public sealed class JsonFields(JsonObject fields, string file, string at = "")
{
    /// <summary>Those of a file of a model's folder.</summary>
    /// <exception cref="InvalidDataException">It holds no JSON object.</exception>
    public static JsonFields Read(string file) => new(Checkpoint.ReadJson(file), file);

    /// <summary>The same where there is such a file; without it nothing is said.</summary>
    /// <inheritdoc cref="Read"/>
    public static JsonFields ReadOptional(string file) => File.Exists(file) ? Read(file) : new([], file);

    /// <summary>Those of every object in a file that is an array of objects.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static IEnumerable<JsonFields> ReadAll(string file) => Each(Checkpoint.ReadJsonArray(file), file, "");

    /// <summary>A text.</summary>
    /// <exception cref="InvalidDataException">It is none; so of those below.</exception>
    public string? Text(string key) => Value(key, JsonExpected.Text, JsonValueKind.String)?.GetValue<string>();

    /// <summary>A text that must be there.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public string RequiredText(string key) => Text(key) ?? throw JsonFault.Missing(file, at + key, JsonExpected.Text);

    /// <summary>true or false.</summary>
    public bool? Flag(string key) => Value(key, JsonExpected.Flag, JsonValueKind.True, JsonValueKind.False)?.GetValue<bool>();

    /// <summary>A number.</summary>
    public double? Number(string key) => Value(key, JsonExpected.Number, JsonValueKind.Number)?.GetValue<double>();

    /// <summary>A whole number.</summary>
    public int? Whole(string key) => Value(key, JsonExpected.Whole, JsonValueKind.Number) is not { } value ? null
        : value.TryGetValue<int>(out var number) ? number : throw JsonFault.Wrong(file, at + key, value, JsonExpected.Whole);

    /// <summary>An object.</summary>
    public JsonFields? Object(string key) => fields[key] switch
    {
        null => null,
        JsonObject value => new(value, file, $"{at}{key}."),
        var other => throw JsonFault.Wrong(file, at + key, other, JsonExpected.Object),
    };

    /// <summary>An array of objects, which must be there.</summary>
    public IEnumerable<JsonFields> RequiredObjects(string key) => fields[key] switch
    {
        null => throw JsonFault.Missing(file, at + key, JsonExpected.Array),
        JsonArray all => Each(all, file, at + key),
        var other => throw JsonFault.Wrong(file, at + key, other, JsonExpected.Array),
    };

    static IEnumerable<JsonFields> Each(JsonArray all, string file, string at) => all.Select((item, i) =>
        item is JsonObject value ? new JsonFields(value, file, $"{at}[{i}].")
            : throw JsonFault.Wrong(file, $"{at}[{i}]", item, JsonExpected.Object));

    JsonValue? Value(string key, JsonExpected expected, params ReadOnlySpan<JsonValueKind> kinds) =>
        fields[key] is not { } node ? null
        : node is JsonValue value && kinds.Contains(value.GetValueKind()) ? value : throw JsonFault.Wrong(file, at + key, node, expected);
}
