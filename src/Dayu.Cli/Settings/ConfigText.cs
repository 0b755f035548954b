using System.Text;
using System.Text.Json;

namespace Dayu.Cli;

/// <summary>Changes one value in the text of a file of settings; comments, order and form of everything else stay.</summary>
static class ConfigText
{
    /// <summary>The text with a key set.</summary>
    /// <param name="text">A JSON object, comments allowed; empty: a new file.</param>
    /// <param name="key">At the top of the object.</param>
    /// <param name="value">As JSON; null: the key goes.</param>
    public static byte[] Set(byte[] text, string key, string? value)
    {
        if (text.Length == 0) text = "{\n}\n"u8.ToArray();
        var (found, last, end) = Places(text, key);
        if (value is null) return found is { } gone ? Remove(text, gone) : text;
        if (found is { } place) return [.. text[..place.Value], .. Encoding.UTF8.GetBytes(value), .. text[place.End..]];
        var line = Encoding.UTF8.GetBytes($"  \"{key}\": {value}\n");
        var before = text[..end];
        if (last > 0 && !HasComma(before.AsSpan(last))) before = [.. before[..last], (byte)',', .. before[last..]];
        var atLine = before.AsSpan().TrimEnd(" \t"u8).EndsWith("\n"u8);
        return [.. before, .. atLine ? [] : "\n"u8, .. line, .. text[end..]];
    }

    readonly record struct Place(int Key, int Value, int End);

    /// <summary>
    /// Where the key's property stands (null: nowhere), where the last value ends (0: there is none), and where the object's brace
    /// closes.
    /// </summary>
    static (Place? Found, int Last, int End) Places(byte[] text, string key)
    {
        var lenient = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var reader = new Utf8JsonReader(text, lenient);
        Place? found = null;
        var last = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isIt, start) = (reader.ValueTextEquals(key), (int)reader.TokenStartIndex);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            last = (int)reader.BytesConsumed;
            if (isIt) found = new(start, value, last);
        }
        return (found, last, (int)reader.TokenStartIndex);
    }

    /// <summary>Takes a property out, with the comma behind it, and the line where nothing else stands on it.</summary>
    static byte[] Remove(byte[] text, Place gone)
    {
        var (start, end) = (gone.Key, gone.End);
        var comma = text.AsSpan(end).IndexOfAnyExcept(" \t\r\n"u8);
        if (comma >= 0 && text[end + comma] == ',') end += comma + 1;
        while (start > 0 && text[start - 1] is (byte)' ' or (byte)'\t') start--;
        var rest = end;
        while (rest < text.Length && text[rest] is (byte)' ' or (byte)'\t' or (byte)'\r') rest++;
        if (start > 0 && text[start - 1] == '\n' && rest < text.Length && text[rest] == '\n') end = rest + 1;
        return [.. text[..start], .. text[end..]];                   // a comma before it may be the last now, which these files allow
    }

    /// <summary>Whether a comma stands between the last value and the brace, comments left out.</summary>
    static bool HasComma(ReadOnlySpan<byte> between)
    {
        for (var i = 0; i < between.Length; i++)
            if (between[i] == ',') return true;
            else if (between[i..].StartsWith("//"u8)) i += between[i..].IndexOf((byte)'\n') is >= 0 and var n ? n : between.Length;
            else if (between[i..].StartsWith("/*"u8)) i += between[i..].IndexOf("*/"u8) + 1;
        return false;
    }
}
