using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// What is wrong with JSON, in parts, so that a program can tell it in its user's language. It is thrown as the inner exception of an
/// <see cref="InvalidDataException"/> with the same message.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="key">The key, dotted; empty: at the top.</param>
/// <param name="place">Where; null: the key says it.</param>
/// <param name="found">What was found.</param>
/// <param name="what">The character, key or value that was found; for <see cref="JsonFound.TooDeep"/> the most that is read.</param>
/// <param name="expected">What was expected; null: what was found says it.</param>
/// <param name="inner">What the framework's reader says.</param>
public sealed class JsonFault(
    string file, string key, JsonPlace? place, JsonFound found, string what, JsonExpected? expected, Exception? inner = null)
    : Exception(Said(file, key, place, found, what, expected), inner)
{
    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>The key, dotted; empty: at the top.</summary>
    public string Key => key;

    /// <summary>Where; null: the key says it.</summary>
    public JsonPlace? Place => place;

    /// <summary>What was found.</summary>
    public JsonFound Found => found;

    /// <summary>The character, key or value that was found.</summary>
    public string What => what;

    /// <summary>What was expected; null: what was found says it.</summary>
    public JsonExpected? Expected => expected;

    /// <summary>What was found and what was expected, without the place.</summary>
    public string Reason => Said(found, what, key, expected);

    /// <summary>As it is thrown.</summary>
    internal InvalidDataException Thrown => new(Message, this);

    /// <summary>The error of a value of another kind.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">The key, dotted; empty: the whole text.</param>
    /// <param name="value">What was found.</param>
    /// <param name="expected">What was expected.</param>
    public static InvalidDataException Wrong(string file, string key, JsonNode? value, JsonExpected expected) =>
        new JsonFault(file, key, null, JsonFound.Value, Shown(value), expected).Thrown;

    /// <summary>The error of a key that is not there.</summary>
    public static InvalidDataException Missing(string file, string key, JsonExpected expected) =>
        new JsonFault(file, key, null, JsonFound.Missing, "", expected).Thrown;

    static string Shown(JsonNode? value)
    {
        var (text, most) = (value?.ToJsonString() ?? "null", 60);
        return text.Length > most ? text[..most] + "…" : text;
    }

    static string Said(string file, string key, JsonPlace? place, JsonFound found, string what, JsonExpected? expected)
    {
        var within = key.Length > 0 ? $", in {MappedFile.Shown(key)}" : "";
        var where = place is { } p ? $"{file}:{p.Line}:{p.Column}{within}: no sound JSON" : file;
        return $"{where}: {Said(found, what, key, expected)}";
    }

    static string Said(JsonFound found, string what, string key, JsonExpected? expected) =>
        Said(found, what, key) + (expected is { } e ? $"; {Said(e)} was expected" : "");

    static string Said(JsonFound found, string what, string key) => found switch
    {
        JsonFound.Character => $"{what} is found",
        JsonFound.Control => $"the control character {what} is found",
        JsonFound.End => "the text ends here",
        JsonFound.TooDeep => $"{what} objects and arrays lie within each other, which is the most",
        JsonFound.NotUnicode => "a text that is no Unicode",
        JsonFound.Repeated => $"the key {what} comes a second time",
        JsonFound.Missing => $"{key} is missing",
        _ => $"{(key.Length > 0 ? key : "the text")} is {what}",
    };

    static string Said(JsonExpected expected) => expected switch
    {
        JsonExpected.Value => "a value",
        JsonExpected.Key => "a key in double quotes, or }",
        JsonExpected.NextKey => "a comma and a key in double quotes, or }",
        JsonExpected.Colon => "a colon and a value",
        JsonExpected.Item => "a value, or ]",
        JsonExpected.NextItem => "a comma and a value, or ]",
        JsonExpected.Escape => @"an escape such as \\, \"" or \n",
        JsonExpected.Quote => "a closing double quote",
        JsonExpected.End => "the end of the text",
        JsonExpected.Text => "a text",
        JsonExpected.Number => "a number",
        JsonExpected.Whole => "a whole number",
        JsonExpected.Flag => "true or false",
        JsonExpected.Object => "an object",
        _ => "an array",
    };
}
