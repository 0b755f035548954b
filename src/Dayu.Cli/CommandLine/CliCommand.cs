using System.CommandLine;

namespace Dayu.Cli;

/// <summary>One thing the program does: what it takes, and how it is done. Its texts are in the catalogue under its path.</summary>
abstract class CliCommand
{
    /// <summary>Arguments and options, in the order of the help.</summary>
    public abstract IEnumerable<Symbol> Takes { get; }

    /// <summary>Forms its result has, beside text.</summary>
    public virtual Format[] Formats => [Format.Table, Format.Json, Format.Jsonl, Format.Csv, Format.Md];

    /// <summary>The command whose texts of options hold where it has none of its own; null: none.</summary>
    public virtual string? TextsOf => null;

    /// <summary>
    /// Variables of the environment that it reads, beside those of its options' settings; their texts are <c>variable.{name}</c>.
    /// </summary>
    public virtual string[] Variables => [];

    /// <summary>Whether it goes on where settings are broken, and tells of them.</summary>
    public virtual bool SparesSettings => false;

    /// <summary>Does it.</summary>
    /// <returns>Exit code.</returns>
    public abstract int Run(CommandContext call);
}

/// <summary>A line of the table of contents: a command, made only when it is called, or a word with commands of its own.</summary>
sealed record Entry(string Name, Func<CliCommand>? Make, params Entry[] Commands)
{
    /// <summary>Not for people: not in the help.</summary>
    public bool Hidden { get; init; }
}
