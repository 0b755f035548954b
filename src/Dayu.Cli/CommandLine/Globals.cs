using System.CommandLine;

namespace Dayu.Cli;

/// <summary>Options of every verb. What is not said on the command line, the environment and files say (<see cref="Settings"/>).</summary>
sealed class Globals
{
    public readonly Option<string?> Format = OneOf("--format", "auto", "table", "json", "jsonl", "csv", "md");

    public readonly Option<bool> Json = Flag("--json"), Quiet = Flag("--quiet", "-q"), Plain = Flag("--plain"), NoProgress = Flag("--no-progress"), Yes = Flag("--yes", "-y");

    public readonly Option<string?> Color = OneOf("--color", "auto", "always", "never"), Lang = OneOf("--lang", "en", "zh");

    public readonly Option<string?> Verbosity = OneOf("--verbosity", ["-v"], "q", "m", "n", "d", "diag");

    public readonly Option<string?> Config = new("--config") { Recursive = true, HelpName = "file" }, DataFolder = new("--data-dir") { Recursive = true, HelpName = "folder" }, Fields = new("--fields") { Recursive = true, HelpName = "a,b" };

    public readonly Option<bool> Help = Flag("--help", "-h", "-?"), Version = Flag("--version");

    public IEnumerable<Option> All => [Format, Json, Fields, Quiet, Plain, Color, NoProgress, Yes, Config, DataFolder, Lang, Verbosity, Help, Version];

    /// <summary>What an option says; nothing where what it says is a mistake, since mistakes are told in its language, too.</summary>
    public static T? Said<T>(ParseResult parsed, Option<T> option) => parsed.GetResult(option)?.Errors.Any() == true ? default : parsed.GetValue(option);

    static Option<bool> Flag(string name, params string[] aliases) => new(name, aliases) { Recursive = true };

    static Option<string?> OneOf(string name, params string[] values) => OneOf(name, [], values);

    static Option<string?> OneOf(string name, string[] aliases, params string[] values)
    {
        var option = new Option<string?>(name, aliases) { Recursive = true, HelpName = string.Join('|', values) };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
