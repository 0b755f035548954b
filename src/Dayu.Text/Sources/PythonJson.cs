using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// JSON as Python's <c>json</c> reads it, which writes most tokenizers: a byte-order mark is skipped, <c>NaN</c> and
/// <c>Infinity</c> are numbers, and of two members of one name the last counts (as it does in
/// <see cref="JsonElement.TryGetProperty(string, out JsonElement)"/>).
/// </summary>
static class PythonJson
{
    /// <exception cref="JsonException">It is not even that.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try { return JsonDocument.Parse(json); }
        catch (JsonException) when (WithoutNames(json.Span) is { } standard) { return JsonDocument.Parse(standard); }
    }

    /// <summary>
    /// The same with a number that is too large for Infinity, and null for NaN, which is no value; null: there are none.
    /// </summary>
    static byte[]? WithoutNames(ReadOnlySpan<byte> json)
    {
        var (standard, inText, found) = (new List<byte>(json.Length), false, false);
        for (int at = 0; at < json.Length; at++)
        {
            if (json[at] == '"') inText = !inText;
            else if (inText && json[at] == '\\' && at + 1 < json.Length) standard.Add(json[at++]);
            else if (!inText && Number(json[at..], out int length) is { Length: > 0 } number)
            {
                standard.AddRange(number);
                (at, found) = (at + length - 1, true);
                continue;
            }
            standard.Add(json[at]);
        }
        return found ? [.. standard] : null;
    }

    /// <summary>What stands for the name that this begins with; empty if it begins with none.</summary>
    static ReadOnlySpan<byte> Number(ReadOnlySpan<byte> json, out int length)
    {
        ReadOnlySpan<byte> infinity = "Infinity"u8, nan = "NaN"u8;
        bool isInfinity = json.StartsWith(infinity), isNan = json.StartsWith(nan);
        length = isInfinity ? infinity.Length : nan.Length;
        return isInfinity ? "1e999"u8 : isNan ? "null"u8 : default;
    }
}
