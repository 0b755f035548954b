using System.Text;
using System.Text.Json;

namespace Dayu.Text;

/// <summary>
/// JSON as Python's <c>json</c> reads it, which writes most tokenizers: a byte-order mark is skipped, <c>NaN</c> and
/// <c>Infinity</c> are numbers, and of two members of one name the last counts (as it does in
/// <see cref="JsonElement.TryGetProperty(string, out JsonElement)"/>).
/// </summary>
static class PythonJson
{
    /// <param name="json">The file's content.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="TokenizerException">It is not even that; says where.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string file)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            try { return JsonDocument.Parse(json); }
            catch (JsonException) when (WithoutNames(json.Span) is { } standard) { return JsonDocument.Parse(standard); }
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"{file}, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} of the line, "
                + $"is not valid JSON: {Found(json.Span, e)}. Copy the file again.", e);
        }
    }

    /// <summary>What stands where the framework's reader gave up.</summary>
    static string Found(ReadOnlySpan<byte> json, JsonException e)
    {
        for (long line = 0; line < e.LineNumber && json.IndexOf((byte)'\n') is >= 0 and var end; line++) json = json[(end + 1)..];
        int at = (int)Math.Min(e.BytePositionInLine ?? 0, json.Length);
        if (at == json.Length) return "the text ends here";
        Rune.DecodeFromUtf8(json[at..], out var found, out _);
        return Rune.IsControl(found) ? $"U+{found.Value:X4} is found" : $"'{found}' is found";
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
