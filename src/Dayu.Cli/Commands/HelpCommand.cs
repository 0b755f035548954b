using System.CommandLine;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>Help on things that are no commands.</summary>
sealed class HelpCommand : CliCommand
{
    static readonly int[] codes =
    [
        Exit.Ok, Exit.Failed, Exit.Usage, Exit.NotFound, Exit.NoMemory, Exit.BelowGate, Exit.Unreachable, Exit.BadData,
        Exit.Interrupted, Exit.Terminated,
    ];

    readonly Argument<string> topic = new("topic") { DefaultValueFactory = _ => "exit-codes" };

    public HelpCommand() => topic.AcceptOnlyFromAmong("exit-codes");

    public override IEnumerable<Symbol> Takes => [topic];

    public override int Run(CommandContext call)
    {
        call.Out.Result(
            "exit_codes",
            [.. codes.Select(c => new JsonObject { ["code"] = c, ["meaning"] = call.Say[$"exit.{c}"] })],
            new([call.Say["exit.code"] + ">", call.Say["exit.meaning"]], [.. codes.Select(Row)]));
        return Exit.Ok;

        string[] Row(int code) => [$"{code}", call.Say[$"exit.{code}"]];
    }
}
