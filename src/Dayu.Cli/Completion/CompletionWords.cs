using System.CommandLine;
using System.CommandLine.Completions;

namespace Dayu.Cli;

/// <summary>What may stand at a place of a command line: any text, one of some words, a file, a folder, a model (or a file).</summary>
enum Kind { Flag, Text, Words, File, Folder, Model }

/// <summary>An option as shells complete it.</summary>
/// <param name="Names">The long one first.</param>
/// <param name="Kind">What follows it.</param>
/// <param name="Values">Where these are words: which.</param>
/// <param name="Text">What it means.</param>
sealed record OptionWords(string[] Names, Kind Kind, string[] Values, string Text);

/// <summary>A command as shells complete it.</summary>
/// <param name="Path">How it is called: <c>tokenizer encode</c>; empty: the program itself.</param>
/// <param name="Commands">Words that may follow, and what they mean.</param>
/// <param name="Options">Its own; the program itself has those of every command.</param>
/// <param name="Arguments">What its arguments are.</param>
/// <param name="Values">Where these are words: which.</param>
sealed record CommandWords(string Path, (string Name, string Text)[] Commands, OptionWords[] Options, Kind Arguments, string[] Values)
{
    /// <summary>Whether it is the program itself.</summary>
    public bool IsRoot => Path.Length == 0;

    /// <summary>All names of all options.</summary>
    public IEnumerable<string> OptionNames => Options.SelectMany(o => o.Names);
}

/// <summary>The table of contents as words.</summary>
static class CompletionWords
{
    /// <summary>All of it, the program itself first.</summary>
    public static List<CommandWords> Of(Entry[] contents, Strings say)
    {
        OptionWords[] globals = [.. new Globals().All.Select(o => Of(o, "", say))];
        List<CommandWords> all = [new("", Commands(contents, "", say), globals, Kind.Text, [])];
        foreach (var entry in contents.Where(e => !e.Hidden)) Add(entry, "", all, say);
        return all;
    }

    static void Add(Entry entry, string above, List<CommandWords> all, Strings say)
    {
        var path = above.Length == 0 ? entry.Name : $"{above} {entry.Name}";
        var command = entry.Make?.Invoke();
        Symbol[] takes = [.. command?.Takes ?? []];
        var argument = takes.OfType<Argument>().FirstOrDefault();
        string[] values = [.. argument?.GetCompletions(CompletionContext.Empty).Select(c => c.Label) ?? []];
        OptionWords[] options = [.. takes.OfType<Option>().Select(o => Of(o, path, say, command?.TextsOf))];
        all.Add(new(path, Commands(entry.Commands, path, say), options, values.Length > 0 ? Kind.Words : KindOf(argument), values));
        foreach (var child in entry.Commands) Add(child, path, all, say);
    }

    static (string, string)[] Commands(Entry[] entries, string path, Strings say)
    {
        var above = path.Length == 0 ? "command" : $"command.{path.Replace(' ', '.')}";
        return [.. entries.Where(e => !e.Hidden).Select(e => (e.Name, say[$"{above}.{e.Name}"]))];
    }

    static OptionWords Of(Option option, string path, Strings say, string? kin = null)
    {
        string[] names = [option.Name, .. option.Aliases.Where(a => a.Length == 2).Order(StringComparer.Ordinal)];
        var text = Help.OptionText(say, path.Replace(' ', '.'), option, kin);
        if (option.ValueType == typeof(bool)) return new(names, Kind.Flag, [], text);
        string[] values = [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];
        return new(names, values.Length > 0 ? Kind.Words : KindOf(option), values, text);
    }

    static Kind KindOf(Option option) => option.HelpName switch
    {
        "file" => Kind.File,
        "folder" => Kind.Folder,
        "model" => Kind.Model,
        _ => Kind.Text,
    };

    static Kind KindOf(Argument? argument) => argument?.Name switch
    {
        "model" or "models" or "words" => Kind.Model,
        "path" => Kind.File,
        _ => Kind.Text,
    };
}
