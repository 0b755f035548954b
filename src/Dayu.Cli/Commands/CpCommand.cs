using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>A stored model under another name: hard links to the same files where the file system has such, else copies.</summary>
sealed class CpCommand : CliCommand
{
    readonly Argument<string> model = new("model"), name = new("name");

    public override IEnumerable<Symbol> Takes => [model, name];

    public override int Run(CommandContext call)
    {
        var from = call.Store.Find(call.Get(model)!) ?? throw call.Models.Unknown(call.Get(model)!, call.Say);
        var to = ModelName.Checked(call.Get(name)!);
        if (from.Name == to) throw new CliError(2005, from.Name);
        using var own = call.Store.Hold(from.Name);                   // nobody takes it away meanwhile
        using var slot = call.Store.Hold(to);
        slot.CheckFree(replace: call.Yes);
        var how = slot.CopyFrom(own, call.Terminal.Clock) ? "hard-link" : "copy";
        var made = slot.Model!;
        var json = new JsonObject
        {
            ["v"] = 1,
            ["name"] = made.Name,
            ["path"] = made.Root,
            ["how"] = how,
            ["bytes"] = ModelStore.BytesAt(made.Root),
        };
        call.Out.Result(json, Table.Pairs((made.Name, call.Say.Text($"cp.{how}", made.Root))));
        return Exit.Ok;
    }
}
