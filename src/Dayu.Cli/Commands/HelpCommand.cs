using System.CommandLine;

namespace Dayu.Cli;

/// <summary>Help on things that are no verbs.</summary>
sealed class HelpCommand : CliCommand
{
    readonly Argument<string> topic = new("topic") { DefaultValueFactory = _ => "exit-codes" };

    public HelpCommand() => topic.AcceptOnlyFromAmong("exit-codes");

    public override IEnumerable<Symbol> Takes => [topic];

    public override int Run(CommandContext call)
    {
        int[] codes = [Exit.Ok, Exit.Failed, Exit.Usage, Exit.NotFound, Exit.NoMemory, Exit.BelowGate, Exit.Unreachable, Exit.BadData, Exit.Interrupted, Exit.Terminated];
        call.Out.Result("exit_codes", [.. codes.Select(c => new System.Text.Json.Nodes.JsonObject { ["code"] = c, ["meaning"] = call.Say[$"exit.{c}"] })],
            new([call.Say["exit.code"] + ">", call.Say["exit.meaning"]], [.. codes.Select(c => (string[])[$"{c}", call.Say[$"exit.{c}"]])]));
        return Exit.Ok;
    }
}
