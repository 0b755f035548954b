using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>What a recipe's values are: says which is of another kind, and of which it should be.</summary>
static class RecipeKinds
{
    /// <summary>What the framework's reader found wrong, as an error of ours.</summary>
    /// <param name="from">The recipe's file.</param>
    /// <param name="recipe">What it says.</param>
    /// <param name="e">Names the place: <c>$.schedule.rate</c>, <c>$.data.sources[0]</c>.</param>
    public static RecipeException Error(string from, JsonObject recipe, JsonException e)
    {
        var key = e.Path is { Length: > 2 } path ? path[2..] : "";
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return new($"{from}: {key}: no such field in a recipe", inner: e);
        var (value, type) = At(recipe, key);
        if (value is null) return new($"{from}: {key}: null is no value here; leave the field out", inner: e);
        if (type.IsEnum)
        {
            var names = string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
            return new($"{from}: {key} is {value.ToJsonString()}, expected one of {names}", inner: e);
        }
        var fault = JsonFault.Wrong(from, key, value, Kind(type));
        return new(fault.Message, inner: fault.InnerException);
    }

    static (JsonNode? Value, Type Type) At(JsonNode? value, string key)
    {
        var type = typeof(Recipe);
        foreach (var name in key.Split('.', '['))
            (value, type) = name.EndsWith(']') && int.TryParse(name[..^1], out var i)
                ? ((value as JsonArray)?.ElementAtOrDefault(i), type.GetElementType() ?? type)
                : ((value as JsonObject)?[name], Member(type, name) is not { } known ? type : Nullable.GetUnderlyingType(known) ?? known);
        return (value, type);
    }

    static Type? Member(Type type, string name) => type == typeof(Dictionary<string, double>) ? typeof(double)
        : RecipeJson.Default.GetTypeInfo(type)?.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType;

    /// <summary>Of a source a path is enough.</summary>
    static JsonExpected Kind(Type type) => type == typeof(SourceRecipe) ? JsonExpected.Text : Type.GetTypeCode(type) switch
    {
        TypeCode.String => JsonExpected.Text,
        TypeCode.Boolean => JsonExpected.Flag,
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.UInt64 => JsonExpected.Whole,
        TypeCode.Single or TypeCode.Double => JsonExpected.Number,
        _ => type.IsArray ? JsonExpected.Array : JsonExpected.Object,
    };
}
