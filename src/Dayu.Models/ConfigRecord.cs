using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Dayu.Models;

/// <summary>
/// A configuration as a family's own record. A key with null counts as absent, as in Transformers; what is there must
/// be of the key's type, and is named where it is not.
/// </summary>
static class ConfigRecord
{
    /// <summary>Makes the record.</summary>
    /// <exception cref="InvalidDataException">Keys are missing, or one is of another type; the message names
    /// them.</exception>
    public static TConfig Of<TConfig>(JsonObject config, JsonTypeInfo<TConfig> type)
    {
        try { return Fitted(config, type, "").Deserialize(type)!; }
        catch (JsonException e)
        {
            throw new InvalidDataException($"config: {e.Path?.TrimStart('$', '.')} has a value of another type than expected", e);
        }
    }

    /// <summary>A switch that no family knows; off where it is not there.</summary>
    /// <exception cref="InvalidDataException">It is neither true nor false.</exception>
    public static bool Flag(JsonObject config, string key) => config[key] switch
    {
        null => false,
        JsonValue v when v.TryGetValue<bool>(out var on) => on,
        var other => throw new InvalidDataException($"config: {key} is {Shown(other)}; true or false was expected"),
    };

    static JsonObject Fitted(JsonObject config, JsonTypeInfo type, string parent)
    {
        var (fitted, missing) = (new JsonObject(), new List<string>());
        foreach (var key in type.Properties)
            if (config[key.Name] is { } value) fitted[key.Name] = Fitted(value, key, parent + key.Name);
            else if (key.IsRequired) missing.Add(parent + key.Name);
        return missing.Count == 0 ? fitted
            : throw new InvalidDataException($"config: {string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing");
    }

    static JsonNode Fitted(JsonNode value, JsonPropertyInfo key, string name)
    {
        var type = Nullable.GetUnderlyingType(key.PropertyType) ?? key.PropertyType;
        var (expected, fits) = (Type.GetTypeCode(type), value.GetValueKind()) switch
        {
            (TypeCode.Int32, var kind) => ("a whole number", kind == JsonValueKind.Number && int.TryParse(value.ToJsonString(), out _)),
            (TypeCode.Single, var kind) => ("a number", kind == JsonValueKind.Number),
            (TypeCode.Boolean, var kind) => ("true or false", kind is JsonValueKind.True or JsonValueKind.False),
            (TypeCode.String, var kind) => ("a text", kind == JsonValueKind.String),
            (_, var kind) => ("an object", kind == JsonValueKind.Object || type != typeof(RopeConfig)),
        };
        if (!fits) throw new InvalidDataException($"config: {name} is {Shown(value)}; {expected} was expected");
        return type == typeof(RopeConfig)
            ? Fitted((JsonObject)value, key.Options.GetTypeInfo(type), name + ".")
            : value.DeepClone();
    }

    static string Shown(JsonNode value) => MappedFile.Shown(value.ToJsonString());
}
