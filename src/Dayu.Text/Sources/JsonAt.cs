using System.Text.Json;

namespace Dayu.Text;

/// <summary>A JSON value that knows where it stands, so that whatever is wrong with it can be said exactly.</summary>
/// <param name="Value">The value.</param> <param name="Parent">The path of what it is in, where it is a member or an element; else its own.</param>
readonly record struct JsonAt(JsonElement Value, string Parent)
{
    string? Member { get; init; }

    int? Element { get; init; }

    /// <summary>Where it stands: <c>tokenizer.json.model.merges[7]</c>. Put together when asked for, since a vocabulary has more members than anybody will ask about.</summary>
    public string Path => Member is not null ? $"{Parent}.{Member}" : Element is { } i ? $"{Parent}[{i}]" : Parent;

    /// <summary>Null, or absent.</summary>
    public bool IsNull => Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>A member; a null value if it is absent.</summary>
    public JsonAt this[string name]
    {
        get
        {
            if (Value.ValueKind != JsonValueKind.Object) throw Expected("an object");
            return new(Value.TryGetProperty(name, out var member) ? member : default, Path) { Member = name };
        }
    }

    public string String() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Expected("a string");

    public int Int() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) ? number : throw Expected("a whole number");

    public double Number() => Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Expected("a number");

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
        if (Value.ValueKind != JsonValueKind.Object) throw Expected("an object");
        string path = Path;
        foreach (var member in Value.EnumerateObject())
        {
            string name = member.Name;
            yield return (name, new(member.Value, path) { Member = name });
        }
    }

    /// <summary>The <c>type</c> of an object that has no members but these.</summary>
    public void Only(params ReadOnlySpan<string> known)
    {
        foreach (var (name, value) in Members())
            if (!known.Contains(name)) throw value.NotKnown($"'{name}'", string.Join(", ", known!));
    }

    public TokenizerException NotKnown(string found, string known) =>
        new($"{Path}: {found} is not known yet; known here: {known}. Passing it over would give wrong ids without a word.");

    TokenizerException Expected(string what)
    {
        string found = Value.ValueKind == JsonValueKind.Undefined ? "nothing" : Value.GetRawText();
        return new($"{Path}: {(found.Length > 60 ? found[..60] + "…" : found)} found, {what} expected. The file is damaged, or of a later format.");
    }
}
