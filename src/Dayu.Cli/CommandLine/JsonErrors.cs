using Dayu.Models;

namespace Dayu.Cli;

/// <summary>What is wrong with JSON, in the user's language.</summary>
static class JsonErrors
{
    /// <summary>With the file's name: <c>path:3:12</c>.</summary>
    public static Phrase InFile(JsonFault fault) => fault.Place is not { } at ? new("named", fault.File, Said(fault))
        : Placed(fault, new Phrase("json.at", fault.File, at.Line, at.Column));

    /// <summary>Where, what was found, and what was expected, for a sentence that names the file.</summary>
    public static Phrase Of(JsonFault fault) => fault.Place is not { } at ? Said(fault)
        : Placed(fault, new Phrase("json.place", at.Line, at.Column));

    static Phrase Placed(JsonFault fault, Phrase where) => fault.Key.Length == 0 ? new("named", where, Said(fault))
        : new("json.in-key", where, MappedFile.Shown(fault.Key), Said(fault));

    static Phrase Said(JsonFault fault)
    {
        var found = new Phrase(Found(fault), fault.What, fault.Key);
        return fault.Expected is not { } expected ? found
            : new("json.expected", found, new Phrase($"json.expected.{expected}".ToLowerInvariant()));
    }

    static string Found(JsonFault fault) =>
        fault is { Found: JsonFound.Value, Key: "" } ? "json.found.whole" : $"json.found.{fault.Found}".ToLowerInvariant();
}
