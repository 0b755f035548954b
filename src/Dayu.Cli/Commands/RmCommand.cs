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
        string[] all = [.. (call.Get(names) ?? []).Select(n => Known(call, n)).Distinct()];   // all are there, before the first goes
        var sizes = all.Select(n => $"{n} ({Units.Bytes(Bytes(call, n))})");
        if (!call.Confirms(call.Say.Text("rm.question", string.Join(", ", sizes))))
        {
            call.Out.Note(call.Say["rm.kept"]);
            return Exit.Failed;
        }
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var name in all)
        {
            using var slot = Slot.Hold(call.Store, name);
            var bytes = Bytes(call, name);
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
        if (call.Store.Named(name) is { } stored) return stored.Name;
        if (Slot.Unfinished(call.Store).Contains(name)) return name;
        throw Path.Exists(Path.Combine(call.Terminal.Folder, name)) ? new CliError(3015, name) : call.Store.Unknown(name, call.Say);
    }

    static long Bytes(CommandContext call, string name)
    {
        var paths = (string?[])[call.Store.Named(name)?.Root, Slot.StagingOf(call.Store, name)];
        return paths.Where(Path.Exists).Sum(p => ModelFacts.BytesAt(p!));
    }
}
