using System.Text.Json;

namespace Dayu.Training;

/// <summary>JSON lines (<c>.jsonl</c>): an object on each line of UTF-8.</summary>
public static class JsonLines
{
    /// <summary>Whether a file's name says that it holds such lines, packed or not.</summary>
    public static bool Is(string path) => Packing.NameWithin(path).EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The text that a member of a line's object is; of one that comes twice the last. Null: there is none, or the line is no strict
    /// JSON, which <see cref="Dayu.Models.JsonText"/> reads more kindly, or says what is wrong.
    /// </summary>
    /// <param name="line">UTF-8, without the line's end.</param>
    /// <param name="field">The member's name.</param>
    public static string? Text(ReadOnlySpan<byte> line, string field)
    {
        var json = new Utf8JsonReader(line);
        string? text = null;
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isText = json.ValueTextEquals(field);
                json.Read();
                if (isText) text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                json.Skip();
            }
            return json.Read() ? null : text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { return null; }
    }
}
