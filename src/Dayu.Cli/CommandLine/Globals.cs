using System.CommandLine;

namespace Dayu.Cli;

/// <summary>Options of every command. What the command line leaves open, the environment and files say (<see cref="Settings"/>).</summary>
sealed class Globals
{
    public readonly Option<string?> Format = OneOf("--format", "auto", "table", "json", "jsonl", "csv", "md");

    public readonly Option<bool> Json = Flag("--json"), Quiet = Flag("--quiet", "-q"), Plain = Flag("--plain");

    public readonly Option<bool> NoProgress = Flag("--no-progress"), Yes = Flag("--yes", "-y");

    public readonly Option<string?> Color = OneOf("--color", "auto", "always", "never"), Lang = OneOf("--lang", "en", "zh");

    public readonly Option<string?> Verbosity = OneOf("--verbosity", ["-v"], "q", "m", "n", "d", "diag");

    public readonly Option<string?> Config = Text("--config", "file"), DataFolder = Text("--data-dir", "folder");

    public readonly Option<string?> Fields = Text("--fields", "a,b");

    public readonly Option<bool> Help = Flag("--help", "-h", "-?"), Version = Flag("--version");

    public IEnumerable<Option> All =>
        [Format, Json, Fields, Quiet, Plain, Color, NoProgress, Yes, Config, DataFolder, Lang, Verbosity, Help, Version];

    /// <summary>What an option says; nothing where what it says is a mistake, since mistakes are told in its language, too.</summary>
    public static T? Said<T>(ParseResult parsed, Option<T> option) =>
        parsed.GetResult(option)?.Errors.Any() == true ? default : parsed.GetValue(option);

    static Option<bool> Flag(string name, params string[] aliases) => new(name, aliases) { Recursive = true };

    static Option<string?> Text(string name, string value) => new(name) { Recursive = true, HelpName = value };

    static Option<string?> OneOf(string name, params string[] values) => OneOf(name, [], values);

    static Option<string?> OneOf(string name, string[] aliases, params string[] values)
    {
        var option = new Option<string?>(name, aliases) { Recursive = true, HelpName = string.Join('|', values) };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
