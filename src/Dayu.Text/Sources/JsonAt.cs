using System.Text.Json;

namespace Dayu.Text;

/// <summary>A JSON value that knows its path in the file, for error messages.</summary>
/// <param name="Value">The value.</param>
/// <param name="Parent">The path of the object or array that it is in; its own path if it is in none.</param>
readonly record struct JsonAt(JsonElement Value, string Parent)
{
    string? Member { get; init; }

    int? Element { get; init; }

    /// <summary>
    /// The path: <c>tokenizer.json.model.merges[7]</c>. It is put together on demand, since a vocabulary has many
    /// members and messages name few of them.
    /// </summary>
    public string Path => Member is not null ? $"{Parent}.{Member}" : Element is { } i ? $"{Parent}[{i}]" : Parent;

    /// <summary>Null, or absent.</summary>
    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    bool IsObject => Value.ValueKind == JsonValueKind.Object;

    /// <summary>A member; a null value if it is absent.</summary>
    public JsonAt this[string name]
    {
        get
        {
            if (!IsObject) throw Expected("an object");
            return new(Value.TryGetProperty(name, out var member) ? member : default, Path) { Member = name };
        }
    }

    public string String() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Expected("a string");

    public string? StringOrNull() => IsNull ? null : String();

    public int Int() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) ? number : throw Expected("a whole number");

    /// <summary>A finite number.</summary>
    public double Number()
    {
        bool isNumber = Value.ValueKind == JsonValueKind.Number;
        return isNumber && Value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Expected("a number");
    }

    public bool Bool(bool absent) => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null or JsonValueKind.Undefined => absent,
        _ => throw Expected("true or false"),
    };

    public IEnumerable<JsonAt> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array) throw Expected("an array");
        var (i, path) = (0, Path);
        foreach (var item in Value.EnumerateArray()) yield return new(item, path) { Element = i++ };
    }

    public IEnumerable<(string Name, JsonAt Value)> Members()
    {
        if (!IsObject) throw Expected("an object");
        string path = Path;
        foreach (var member in Value.EnumerateObject())
        {
            string name = member.Name;
            yield return (name, new(member.Value, path) { Member = name });
        }
    }

    /// <summary>
    /// A special token's text in tokenizer_config.json, a string or an object with <c>content</c>; null if it is
    /// absent.
    /// </summary>
    public JsonAt? TokenText(string key)
    {
        if (IsNull || this[key] is not { IsNull: false } token) return null;
        return token.IsObject ? token["content"] : token;
    }

    /// <summary>Throws for a member that is none of these: to ignore it would be to misread the file.</summary>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        foreach (var (name, value) in Members())
            if (!known.Contains(name)) throw value.Unsupported($"'{name}'", string.Join(", ", known!));
    }

    public TokenizerException Unsupported(string found, string known) =>
        new($"{Path}: {found} is not known yet; known here: {known}. Ignoring it would silently give wrong ids.");

    TokenizerException Expected(string what)
    {
        string found = Value.ValueKind == JsonValueKind.Undefined ? "nothing" : Value.GetRawText();
        string shown = found.Length > 60 ? found[..60] + "…" : found;
        return new($"{Path}: {shown} found, {what} expected. The file is damaged, or of a later format.");
    }

    /// <summary>The framework's error for a string with half a surrogate pair, in our words.</summary>
    public static TokenizerException Invalid(string files, InvalidOperationException error) =>
        new($"{files} has a string with half of a surrogate pair, which is no text. Copy the file again.", error);
}
