using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Dayu.Cli;

/// <summary>What the parser finds wrong, told in the user's language: its own sentences are English.</summary>
static class CommandLineErrors
{
    /// <summary>What to tell of a mistake.</summary>
    /// <param name="error">As the parser has it.</param>
    /// <param name="path">How the command is called.</param>
    public static CliError Of(ParseError error, string path) => error.SymbolResult switch
    {
        OptionResult { Implicit: true } o => new(2060, o.Option.Name, path),
        OptionResult { Tokens.Count: 0 } o => new(2016, o.Option.Name, path),
        OptionResult { Tokens.Count: > 1 } o when o.Option.Arity.MaximumNumberOfValues <= 1 => new(2017, o.Option.Name, Words(o), path),
        OptionResult o when Numbers.AreTakenBy(o.Option) => Numbers.Error(o.Option.Name, o.Tokens[0].Value, Numbers.IsWhole(o.Option)),
        OptionResult o => new(2018, o.Option.Name, Words(o), Choices(o.Option.HelpName, o.Option), path),
        ArgumentResult { Tokens.Count: 0 } a => new(2019, a.Argument.Name, path),
        ArgumentResult a => new(2018, $"<{a.Argument.Name}>", Words(a), Choices(null, a.Argument), path),
        CommandResult c when Missing(c) is { } option => new(2060, option.Name, path),
        CommandResult { Command.Subcommands: { Count: > 0 } verbs } => new(2061, path, string.Join(", ", verbs.Select(v => v.Name))),
        _ => new(2001, error.Message.TrimEnd('.'), path),
    };

    static string Words(SymbolResult result) => string.Join(' ', result.Tokens.Select(t => t.Value));

    static Option? Missing(CommandResult command) =>
        command.Command.Options.FirstOrDefault(o => o.Required && command.GetResult(o) is not { Implicit: false });

    static string Choices(string? named, Symbol symbol)
    {
        var known = symbol.GetCompletions(CompletionContext.Empty).Select(c => c.Label);
        return string.Join(", ", known) is { Length: > 0 } all ? all : named ?? "–";
    }
}
