using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// A script by which a shell completes what is typed. It holds every command and option; the program itself is asked only for
/// names of models.
/// </summary>
sealed class CompletionCommand : CliCommand
{
    readonly Argument<string> shell = new("shell");
    readonly Entry[] contents;

    /// <param name="contents">The commands.</param>
    public CompletionCommand(Entry[] contents)
    {
        this.contents = contents;
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh", "nushell");
    }

    public override IEnumerable<Symbol> Takes => [shell];

    public override Format[] Formats => [Format.Table];

    public override int Run(CommandContext call)
    {
        var words = CompletionWords.Of(contents, call.Say);
        call.Out.Text(call.Get(shell) switch
        {
            "bash" => BashCompletion.Script(words),
            "zsh" => ZshCompletion.Script(words),
            "fish" => FishCompletion.Script(words),
            "pwsh" => PwshCompletion.Script(words),
            _ => NushellCompletion.Script(words),
        });
        return Exit.Ok;
    }
}

/// <summary>Names of models, a line for each: what the scripts ask.</summary>
sealed class CompleteCommand : CliCommand
{
    public override IEnumerable<Symbol> Takes => [];

    public override Format[] Formats => [Format.Table];

    public override int Run(CommandContext call)
    {
        foreach (var model in call.Models.All()) call.Out.Text(Visible.OneLine(model.Name) + "\n");
        return Exit.Ok;
    }
}
