using System.CommandLine;
using System.CommandLine.Completions;

namespace Dayu.Cli;

/// <summary>What may stand at a place of a command line: nothing that is known, one of some words, a file, a folder, a model (or a file).</summary>
enum Kind { Flag, Text, Words, File, Folder, Model }

/// <summary>An option as shells complete it.</summary>
/// <param name="Names">The long one first.</param>
/// <param name="Kind">What follows it.</param>
/// <param name="Values">Where these are words: which.</param>
/// <param name="Text">What it means.</param>
sealed record OptionWords(string[] Names, Kind Kind, string[] Values, string Text);

/// <summary>A verb, or a noun with verbs, as shells complete it.</summary>
/// <param name="Path">How it is called: <c>tokenizer encode</c>; empty: the program itself.</param>
/// <param name="Commands">Words that may follow, and what they mean.</param>
/// <param name="Options">Its own; the program itself has those of every verb.</param>
/// <param name="Arguments">What its arguments are.</param>
/// <param name="Values">Where these are words: which.</param>
sealed record CommandWords(string Path, (string Name, string Text)[] Commands, OptionWords[] Options, Kind Arguments, string[] Values);

/// <summary>The table of contents as words.</summary>
static class CompletionWords
{
    /// <summary>All of it, the program itself first.</summary>
    public static List<CommandWords> Of(Entry[] contents, Strings say)
    {
        var all = new List<CommandWords> { new("", Commands(contents, "", say), [.. new Globals().All.Select(o => Of(o, "", say))], Kind.Text, []) };
        foreach (var entry in contents.Where(e => !e.Hidden)) Add(entry, "", all, say);
        return all;
    }

    static void Add(Entry entry, string above, List<CommandWords> all, Strings say)
    {
        var path = above.Length == 0 ? entry.Name : $"{above} {entry.Name}";
        Symbol[] takes = entry.Make is null ? [] : [.. entry.Make().Takes];
        var argument = takes.OfType<Argument>().FirstOrDefault();
        string[] values = [.. argument?.GetCompletions(CompletionContext.Empty).Select(c => c.Label) ?? []];
        all.Add(new(path, Commands(entry.Commands, path, say), [.. takes.OfType<Option>().Select(o => Of(o, path, say))], values.Length > 0 ? Kind.Words : Of(argument?.Name), values));
        foreach (var child in entry.Commands) Add(child, path, all, say);
    }

    static (string, string)[] Commands(Entry[] entries, string path, Strings say) => [.. entries.Where(e => !e.Hidden).Select(e => (e.Name, say[$"verb.{(path + " " + e.Name).Trim().Replace(' ', '.')}"]))];

    static OptionWords Of(Option option, string path, Strings say)
    {
        string[] names = [option.Name, .. option.Aliases.Where(a => a.Length == 2).Order(StringComparer.Ordinal)];
        var key = $"option.{path.Replace(' ', '.')}.{option.Name}";
        var text = say[say.Has(key) ? key : $"option.{option.Name}"];
        if (option.ValueType == typeof(bool)) return new(names, Kind.Flag, [], text);
        string[] values = [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];
        return values.Length > 0 ? new(names, Kind.Words, values, text) : new(names, option.HelpName switch { "file" => Kind.File, "folder" => Kind.Folder, "model" => Kind.Model, _ => Kind.Text }, [], text);
    }

    static Kind Of(string? argument) => argument switch { "model" or "models" or "words" => Kind.Model, "path" => Kind.File, _ => Kind.Text };
}
