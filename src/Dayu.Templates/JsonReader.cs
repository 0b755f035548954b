using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>
/// JSON as template values: objects are dicts, numbers written without point or exponent are ints, null is None.
/// </summary>
/// <param name="author">Who wrote the strings in it.</param>
sealed class JsonReader(Author author)
{
    const int MaxDepth = 150, MaxDigits = 4300;

    /// <summary>Reads a JSON value.</summary>
    /// <param name="node">Any JSON; null is JSON's null.</param>
    /// <param name="what">Names it in the error: "messages", a variable, a filter.</param>
    public Value Read(JsonNode? node, string what) => Guarded(what, () =>
    {
        if (node is null)
            return NoneValue.None;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { MaxDepth = MaxDepth }))
            node.WriteTo(writer);
        return Parse(buffer.WrittenMemory);
    });

    /// <summary>Reads a JSON text.</summary>
    public Value Read(string json, string what) => Guarded(what, () => Parse(System.Text.Encoding.UTF8.GetBytes(json)));

    static Value Guarded(string what, Func<Value> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"{what}: not usable JSON: {e.Message}");
        }
    }

    Value Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = MaxDepth });
        return Read(document.RootElement);
    }

    Value Read(JsonElement element)
    {
        Run.CheckStack();
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var entries = new OrderedDictionary<Value, Value>();
                foreach (var property in element.EnumerateObject())
                    entries[Text(property.Name)] = Read(property.Value);    // of a key given twice the last counts
                return new DictValue(entries);
            case JsonValueKind.Array: return new SequenceValue([.. element.EnumerateArray().Select(Read)]);
            case JsonValueKind.String: return Text(element.GetString()!);
            case JsonValueKind.Number: return ReadNumber(element.GetRawText());
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            default: return NoneValue.None;
        }
    }

    AuthoredText Text(string text) => new(text, author);

    static Value ReadNumber(string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
            return double.Parse(text, CultureInfo.InvariantCulture);
        return text.Length <= MaxDigits
            ? BigInteger.Parse(text, CultureInfo.InvariantCulture)
            : throw new TemplateException($"an integer of more than {MaxDigits} digits");
    }
}
