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
/// <param name="byHand">Whether a person writes it: a comma may follow the last value, and no key may come twice.</param>
public sealed class JsonText(string name, byte[] bytes, bool byHand = false)
{
    const int Deepest = 64;
    const double LargestWhole = 1L << 53;                            // above it not every whole number has a double of its own

    readonly byte[] said = WithoutMark(bytes);
    readonly Stack<string> keys = new();
    JsonExpected expected = JsonExpected.Value;
    int depth;

    /// <summary>The number of its first line, where it is one of several texts of a file.</summary>
    public int FirstLine { get; init; } = 1;

    /// <summary>The value that the text is.</summary>
    /// <exception cref="InvalidDataException">It is no JSON; says where, what was found and what was expected, and so in
    /// parts does its inner exception, a <see cref="JsonFault"/>.</exception>
    public JsonNode? Parse()
    {
        var options = new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip, MaxDepth = Deepest, AllowTrailingCommas = byHand,
        };
        var json = new Utf8JsonReader(NonFinite.Replaced(said), options);
        try
        {
            json.Read();
            var value = Value(ref json);
            expected = JsonExpected.End;
            json.Read();
            return value;
        }
        catch (JsonException e)
        {
            if (depth == Deepest) throw Bad(At(e), JsonFound.TooDeep, $"{Deepest}", null, e);
            throw Bad(At(e), Quoted(json, At(e)) ?? expected, e);
        }
        catch (InvalidOperationException e) { throw Bad(json.TokenStartIndex, JsonFound.NotUnicode, "", null, e); }
    }

    /// <summary>The object that the text is.</summary>
    /// <exception cref="InvalidDataException">It is none, as above.</exception>
    public JsonObject ParseObject() => ParseAs<JsonObject>(JsonExpected.Object);

    /// <summary>The array that the text is.</summary>
    /// <exception cref="InvalidDataException">It is none, as above.</exception>
    public JsonArray ParseArray() => ParseAs<JsonArray>(JsonExpected.Array);

    T ParseAs<T>(JsonExpected kind) where T : JsonNode =>
        Parse() is var value && value is T wanted ? wanted : throw JsonFault.Wrong(name, "", value, kind);

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
            expected = all.Count == 0 ? JsonExpected.Key : JsonExpected.NextKey;
            if (!json.Read() || json.TokenType != JsonTokenType.PropertyName) return all;
            var key = json.GetString()!;
            keys.Push(key);
            if (byHand && all.ContainsKey(key)) throw Bad(json.TokenStartIndex, JsonFound.Repeated, MappedFile.Shown(key), null, null);
            expected = JsonExpected.Value;
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
            expected = all.Count == 0 ? JsonExpected.Item : JsonExpected.NextItem;
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

    /// <summary>UTF-8 without a mark: Windows writes marks, and PowerShell whole files in UTF-16.</summary>
    public static byte[] WithoutMark(byte[] bytes) => bytes switch
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

    /// <summary>What is expected within quotes, and behind a key; null: the error is elsewhere.</summary>
    JsonExpected? Quoted(in Utf8JsonReader json, long at)
    {
        var start = json.TokenStartIndex;
        if (at <= start || said[(int)start] != '"') return null;
        if (json.BytesConsumed == start) return at < said.Length ? JsonExpected.Escape : JsonExpected.Quote;
        return expected is JsonExpected.Key or JsonExpected.NextKey ? JsonExpected.Colon : null;
    }

    InvalidDataException Bad(long at, JsonExpected expected, Exception e)
    {
        if (at >= said.Length) return Bad(at, JsonFound.End, "", expected, e);
        Rune.DecodeFromUtf8(said.AsSpan((int)at), out var found, out _);
        return Rune.IsControl(found) ? Bad(at, JsonFound.Control, $"U+{found.Value:X4}", expected, e)
            : Bad(at, JsonFound.Character, MappedFile.Shown(found.ToString()), expected, e);
    }

    InvalidDataException Bad(long at, JsonFound found, string what, JsonExpected? expected, Exception? e)
    {
        var before = said.AsSpan(0, (int)at);
        var (line, start) = (before.Count((byte)'\n') + 1, before.LastIndexOf((byte)'\n') + 1);
        var place = new JsonPlace(FirstLine + line - 1, Encoding.UTF8.GetCharCount(before[start..]) + 1);
        return new JsonFault(name, string.Join('.', keys.Reverse()), place, found, what, expected, e).Thrown;
    }
}
