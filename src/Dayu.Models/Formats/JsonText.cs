using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// JSON as Python's json module reads it, by which most files of models were written: Infinity and NaN are numbers, of
/// a key that comes twice the last counts, a byte-order mark is none of the text. Comments are skipped. A number that
/// is whole is read as a whole one, however it is written (256.0). Infinity stays a number too large for any type, NaN
/// becomes the text "NaN": whoever asks for such a number is told.
/// </summary>
/// <param name="name">For messages: the file.</param>
/// <param name="bytes">Its content.</param>
sealed class JsonText(string name, byte[] bytes)
{
    const int Deepest = 64;
    const double LargestWhole = 1L << 53;                            // above it not every whole number has a double of its own

    static readonly JsonReaderOptions options = new() { CommentHandling = JsonCommentHandling.Skip, MaxDepth = Deepest };

    readonly byte[] said = WithoutMark(bytes);
    readonly Stack<string> keys = new();
    string expected = "a value";
    int depth;

    /// <summary>The value that the text is.</summary>
    /// <exception cref="InvalidDataException">It is no JSON; says where, what was found and what was expected.</exception>
    public JsonNode? Parse()
    {
        var json = new Utf8JsonReader(NonFinite.Replaced(said), options);
        try
        {
            json.Read();
            var value = Value(ref json);
            expected = "the end of the text";
            json.Read();
            return value;
        }
        catch (JsonException e)
        {
            throw Bad(At(e), depth == Deepest ? $"{Deepest} objects and arrays lie within each other, which is the most" : null, e);
        }
        catch (InvalidOperationException e) { throw Bad(json.TokenStartIndex, "a text that is no Unicode", e); }
    }

    JsonNode? Value(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray => Within(ref json),
        JsonTokenType.String => NonFinite.IsNaN(said, json.TokenStartIndex) ? "NaN" : json.GetString(),
        JsonTokenType.Number => Number(ref json),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    JsonNode Within(ref Utf8JsonReader json)
    {
        depth++;
        JsonNode all = json.TokenType == JsonTokenType.StartObject ? Object(ref json) : Array(ref json);
        depth--;
        return all;
    }

    JsonObject Object(ref Utf8JsonReader json)
    {
        var all = new JsonObject();
        for (; ; )
        {
            expected = all.Count == 0 ? "a key in double quotes, or }" : "a comma and a key in double quotes, or }";
            if (!json.Read() || json.TokenType != JsonTokenType.PropertyName) return all;
            var key = json.GetString()!;
            keys.Push(key);
            expected = "a value";
            json.Read();
            all[key] = Value(ref json);
            keys.Pop();
        }
    }

    JsonArray Array(ref Utf8JsonReader json)
    {
        var all = new JsonArray();
        for (; ; )
        {
            expected = all.Count == 0 ? "a value, or ]" : "a comma and a value, or ]";
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray) return all;
            all.Add(Value(ref json));
        }
    }

    static JsonNode? Number(ref Utf8JsonReader json)
    {
        var isWhole = json.ValueSpan.ContainsAny(".eE"u8)
            && json.TryGetDouble(out var x) && x == Math.Floor(x) && Math.Abs(x) <= LargestWhole;
        return isWhole ? JsonNode.Parse($"{(long)json.GetDouble()}") : JsonValue.Create(JsonElement.ParseValue(ref json));
    }

    /// <summary>Windows writes marks, and PowerShell whole files in UTF-16.</summary>
    static byte[] WithoutMark(byte[] bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => bytes[3..],
        [0xFF, 0xFE, ..] => Encoding.Convert(Encoding.Unicode, Encoding.UTF8, bytes, 2, bytes.Length - 2),
        [0xFE, 0xFF, ..] => Encoding.Convert(Encoding.BigEndianUnicode, Encoding.UTF8, bytes, 2, bytes.Length - 2),
        _ => bytes,
    };

    /// <summary>The byte that an error of the framework's reader is about.</summary>
    long At(JsonException e)
    {
        var at = 0;
        for (var line = 0L; line < e.LineNumber && said.AsSpan(at).IndexOf((byte)'\n') is >= 0 and var n; line++) at += n + 1;
        return Math.Min(at + (e.BytePositionInLine ?? 0), said.Length);
    }

    InvalidDataException Bad(long at, string? what, Exception e)
    {
        var before = said.AsSpan(0, (int)at);
        var (line, start) = (before.Count((byte)'\n') + 1, before.LastIndexOf((byte)'\n') + 1);
        var column = Encoding.UTF8.GetCharCount(before[start..]) + 1;
        var key = keys.Count > 0 ? $", in {MappedFile.Shown(string.Join('.', keys.Reverse()))}" : "";
        return new($"{name}, line {line}, column {column}{key}: no sound JSON: {what ?? $"{Found((int)at)}; {expected} was expected"}", e);
    }

    string Found(int at)
    {
        if (at >= said.Length) return "the text ends here";
        Rune.DecodeFromUtf8(said.AsSpan(at), out var found, out _);
        return $"{MappedFile.Shown(found.ToString())} is found";
    }
}
