using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Server;

/// <summary>
/// The fields of an object in a request. One that is not known is tolerated; one that is wrong is an error that names its path, what was
/// found and what was expected. null is as good as absent.
/// </summary>
/// <param name="json">The object.</param>
/// <param name="path">Where it stands.</param>
/// <param name="asked">Hears the names of fields that are looked for; null: nobody does.</param>
sealed class RequestFields(JsonElement json, string path = "$", Action<string>? asked = null)
{
    const int ShownLength = 40;

    /// <summary>Where it stands.</summary>
    public string Path => path;

    /// <summary>The path of a field.</summary>
    public string At(string name) => Member(path, name);

    /// <summary>The path of a member; the body itself has none, so that a field of it is its name, as clients know it.</summary>
    public static string Member(string path, string name) => path == "$" ? Short(name) : $"{path}.{Short(name)}";

    /// <summary>A field; null: it is not there.</summary>
    public JsonElement? Any(string name)
    {
        asked?.Invoke(At(name));
        return json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Whether the field says something.</summary>
    public bool Has(string name) => Any(name) is not null;

    /// <summary>A text.</summary>
    public string? Text(string name) => Any(name) is { } v
        ? v.ValueKind == JsonValueKind.String ? v.GetString() : throw Wrong(At(name), v, "a string") : null;

    /// <summary>One of a few words.</summary>
    public string? Word(string name, params ReadOnlySpan<string> known)
    {
        if (Text(name) is not { } said) return null;
        return known.Contains(said) ? said
            : throw ApiError.Wrong(At(name), $"{At(name)} is {Shown(said)}, expected {string.Join(" or ", known.ToArray())}");
    }

    /// <summary>A text that must be there.</summary>
    public string Needed(string name) => Text(name) ?? throw Missing(name, "a string");

    /// <summary>true or false.</summary>
    public bool? Flag(string name) => Any(name) is { } v
        ? v.ValueKind is JsonValueKind.True or JsonValueKind.False ? v.GetBoolean() : throw Wrong(At(name), v, "true or false") : null;

    /// <summary>A whole number in a range.</summary>
    public int? Integer(string name, int least, int most)
    {
        if (Any(name) is not { } v) return null;
        if (v.ValueKind != JsonValueKind.Number || !TryWhole(v, out var whole)) throw Wrong(At(name), v, "a whole number");
        return whole >= least && whole <= most ? (int)whole : throw Outside(name, v, least, most);
    }

    /// <summary>A whole number of 64 bits; one below 0 counts as its two's complement.</summary>
    public ulong? Seed(string name) => Any(name) is { } v
        ? v.ValueKind == JsonValueKind.Number && v.TryGetInt64(out var n) ? unchecked((ulong)n)
            : v.ValueKind == JsonValueKind.Number && v.TryGetUInt64(out var u) ? u : throw Wrong(At(name), v, "a whole number of 64 bits")
        : null;

    /// <summary>A number in a range.</summary>
    public float? Number(string name, double least, double most)
    {
        if (Any(name) is not { } v) return null;
        if (v.ValueKind != JsonValueKind.Number || !v.TryGetDouble(out var number)) throw Wrong(At(name), v, "a number");
        return number >= least && number <= most ? (float)number : throw Outside(name, v, least, most);
    }

    /// <summary>An object.</summary>
    public RequestFields? Object(string name) => Any(name) is { } v
        ? v.ValueKind == JsonValueKind.Object ? new(v, At(name), asked) : throw Wrong(At(name), v, "an object") : null;

    /// <summary>A copy of an object, for those who take JSON as it is.</summary>
    public JsonObject? Copy(string name) => Any(name) is { } v
        ? v.ValueKind == JsonValueKind.Object ? JsonNode.Parse(v.GetRawText())!.AsObject() : throw Wrong(At(name), v, "an object") : null;

    /// <summary>A list; its items with their paths.</summary>
    public IReadOnlyList<(JsonElement Value, string Path)>? List(string name, int most)
    {
        if (Any(name) is not { } v) return null;
        if (v.ValueKind != JsonValueKind.Array) throw Wrong(At(name), v, "an array");
        var count = v.GetArrayLength();
        if (count > most) throw ApiError.Wrong(At(name), $"{At(name)} has {count} items; at most {most} can be given");
        return [.. v.EnumerateArray().Select((item, i) => (item, $"{At(name)}[{i}]"))];
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<RequestFields>? Objects(string name, int most) => List(name, most) is { } all
        ? [.. all.Select(i => i.Value.ValueKind == JsonValueKind.Object ? new RequestFields(i.Value, i.Path, asked)
            : throw Wrong(i.Path, i.Value, "an object"))] : null;

    /// <summary>A text, or a list of texts.</summary>
    public IReadOnlyList<string>? Texts(string name, int most) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } v => [v.GetString()!],
        { ValueKind: JsonValueKind.Array } => [.. List(name, most)!.Select(i =>
            i.Value.ValueKind == JsonValueKind.String ? i.Value.GetString()! : throw Wrong(i.Path, i.Value, "a string"))],
        { } v => throw Wrong(At(name), v, "a string or an array of strings"),
    };

    /// <summary>The names of all fields that are there.</summary>
    public IEnumerable<string> Names => json.EnumerateObject().Select(p => p.Name);

    /// <summary>A field that must be there is not.</summary>
    public ApiError Missing(string name, string expected) =>
        ApiError.Wrong(At(name), $"{At(name)} is missing, expected {expected}", "missing_field");

    /// <summary>Something else was found than was expected.</summary>
    public static ApiError Wrong(string path, JsonElement found, string expected) =>
        ApiError.Wrong(path, $"{path} is {Found(found)}, expected {expected}", "invalid_type");

    ApiError Outside(string name, JsonElement found, double least, double most) =>
        ApiError.Wrong(At(name), $"{At(name)} is {Short(found.GetRawText())}; it can be {least} to {most}", "out_of_range");

    /// <summary>4 and 4.0 are the same number.</summary>
    static bool TryWhole(JsonElement value, out long whole)
    {
        if (value.TryGetInt64(out whole)) return true;
        if (!value.TryGetDouble(out var number) || number != Math.Truncate(number) || Math.Abs(number) > 1L << 53) return false;
        whole = (long)number;
        return true;
    }

    /// <summary>What a value is, for people.</summary>
    public static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"the string {Shown(value.GetString()!)}",
        JsonValueKind.Number => $"the number {Short(value.GetRawText())}",
        JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Null => "null",
        JsonValueKind.Array => $"an array of {value.GetArrayLength()}",
        _ => "an object",
    };

    static string Shown(string text) => $"\"{Short(text)}\"";

    static string Short(string text) => text.Length <= ShownLength ? text
        : text[..(char.IsHighSurrogate(text[ShownLength - 1]) ? ShownLength - 1 : ShownLength)] + "…";
}
