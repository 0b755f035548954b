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
        if (e.Message.Contains("could not be mapped", StringComparison.Ordinal)) return new($"{from}: {key}: no such field in a recipe", e);
        var (value, type) = At(recipe, key);
        if (value is null) return new($"{from}: {key}: null is no value here; leave the field out", e);
        if (type.IsEnum)
        {
            var names = string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
            return new($"{from}: {key} is {value.ToJsonString()}, expected one of {names}", e);
        }
        var fault = JsonFault.Wrong(from, key, value, Kind(type));
        return new(fault.Message, fault.InnerException);
    }

    static (JsonNode? Value, Type Type) At(JsonNode? value, string key)
    {
        var type = typeof(Recipe);
        foreach (var name in key.Split('.', '['))
            if (name.EndsWith(']') && int.TryParse(name[..^1], out var i))
                (value, type) = ((value as JsonArray)?.ElementAtOrDefault(i), type.GetElementType() ?? type);
            else
            {
                var known = type == typeof(Dictionary<string, double>) ? typeof(double)
                    : RecipeJson.Default.GetTypeInfo(type)?.Properties.FirstOrDefault(p => p.Name == name)?.PropertyType;
                (value, type) = ((value as JsonObject)?[name], known is null ? type : Nullable.GetUnderlyingType(known) ?? known);
            }
        return (value, type);
    }

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
