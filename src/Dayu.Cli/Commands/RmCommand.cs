using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Takes models out of the store.</summary>
sealed class RmCommand : CliCommand
{
    readonly Argument<string[]> names = new("models") { Arity = ArgumentArity.OneOrMore };

    public override IEnumerable<Symbol> Takes => [names];

    public override int Run(CommandContext call)
    {
        string[] all = [.. (call.Get(names) ?? []).Select(n => Known(call, n)).Distinct()];   // none goes unless all are there
        if (!call.Confirms(Question(call, all)))
        {
            call.Out.Note(call.Say["rm.kept"]);
            return Exit.Failed;
        }
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var name in all)
        {
            using var slot = call.Store.Hold(name);
            var bytes = call.Store.BytesOf(name);
            slot.Remove();
            items.Add(new() { ["name"] = name, ["bytes"] = bytes });
            rows.Add([name, Units.Bytes(bytes)]);
        }
        call.Out.Result("removed", items, new(["REMOVED", "SIZE>"], rows));
        return Exit.Ok;
    }

    /// <summary>A stored name, or that of one that was not finished. Paths are none: what is not in the store is not deleted.</summary>
    static string Known(CommandContext call, string name)
    {
        if (call.Store.Find(name) is { } stored) return stored.Name;
        if (call.Store.Unfinished().Contains(name)) return name;
        throw Path.Exists(Path.Combine(call.Terminal.Folder, name)) ? new CliError(3015, name) : call.Models.Unknown(name, call.Say);
    }

    static string Question(CommandContext call, string[] names) =>
        call.Say.Text("rm.question", string.Join(", ", names.Select(n => $"{n} ({Units.Bytes(call.Store.BytesOf(n))})")));
}
