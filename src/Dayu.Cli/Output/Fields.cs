using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>Parts of a result, by the keys of its object (<c>--fields</c>): the same names in every form.</summary>
static class Fields
{
    /// <summary>An object with these keys only, in their order.</summary>
    /// <exception cref="CliError">It has no such key; says which it has.</exception>
    public static JsonObject Of(JsonObject value, string[] fields)
    {
        return new(fields.Select(f => KeyValuePair.Create(f, Part(f)?.DeepClone())));

        JsonNode? Part(string field) => value.TryGetPropertyValue(field, out var part) ? part
            : throw new CliError(2034, field, string.Join(", ", value.Select(p => p.Key)));
    }

    /// <summary>Names and values.</summary>
    public static Table Table(JsonObject value) => Cli.Table.Pairs([.. value.Select(p => (p.Key, Cell(p.Value)))]);

    /// <summary>A column for each field.</summary>
    public static Table Table(IReadOnlyList<JsonObject> items, string[] fields)
    {
        return new([.. fields.Select(Column)], [.. items.Select(i => fields.Select(f => Cell(i[f])).ToArray())]);

        string Column(string field) => items.Count > 0 && items.All(i => IsNumber(i[field])) ? field + ">" : field;
    }

    static bool IsNumber(JsonNode? value) => value?.GetValueKind() is null or JsonValueKind.Number;

    static string Cell(JsonNode? value) =>
        value is JsonValue v && v.TryGetValue(out string? text) ? text : value?.ToJsonString(Output.Legible) ?? "";
}
