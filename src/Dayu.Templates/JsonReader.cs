using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>JSON that came from outside as template values: objects are dicts, null is None.</summary>
/// <param name="author">Who wrote the strings in it.</param>
sealed class JsonReader(Author author)
{
    const int MaxDepth = 150;

    static readonly JsonWriterOptions options = new() { MaxDepth = MaxDepth, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a JSON value.</summary>
    /// <param name="node">Any JSON; null is JSON's null.</param>
    /// <param name="what">Names it in the error: "messages", a variable.</param>
    public Value Read(JsonNode? node, string what) => node is null
        ? NoneValue.None
        : JsonParser.Parse(Run.Unbounded(what), new AuthoredText(Text(node, what), author), what);

    static string Text(JsonNode node, string what)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using (var writer = new Utf8JsonWriter(buffer, options))
                node.WriteTo(writer);
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"{what}: not usable JSON: it has half of a surrogate pair, a number that is none, "
                + $"or values nested more than {MaxDepth} levels deep");
        }
    }
}
