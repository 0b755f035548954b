using Dayu.Models;

namespace Dayu.Cli;

/// <summary>What is wrong with JSON, in the user's language.</summary>
static class JsonErrors
{
    /// <summary>With the file's name.</summary>
    public static Phrase InFile(JsonFault fault) => new(fault.Place is null ? "json.in-file" : "json.at", fault.File, Of(fault));

    /// <summary>Where, what was found, and what was expected.</summary>
    public static Phrase Of(JsonFault fault)
    {
        var found = new Phrase(Found(fault), fault.What, fault.Key);
        var said = fault.Expected is not { } expected ? found
            : new("json.expected", found, new Phrase($"json.expected.{expected}".ToLowerInvariant()));
        return fault switch
        {
            { Place: null } => said,
            { Place: { } at, Key: "" } => new("json.place", at.Line, at.Column, said),
            { Place: { } at, Key: var key } => new("json.place-key", at.Line, at.Column, MappedFile.Shown(key), said),
        };
    }

    static string Found(JsonFault fault) =>
        fault is { Found: JsonFound.Value, Key: "" } ? "json.found.whole" : $"json.found.{fault.Found}".ToLowerInvariant();
}
