using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Takes a model from elsewhere on this machine into the store.</summary>
sealed class ImportCommand : CliCommand
{
    readonly Argument<string> path = new("path");
    readonly Option<string?> name = new("--as") { HelpName = "name" };
    readonly Option<bool> move = new("--move"), link = new("--link");

    public override IEnumerable<Symbol> Takes => [path, name, move, link];

    public override int Run(CommandContext call)
    {
        var source = Source(call);
        var kind = Kind(call);
        using var slot = call.Store.Hold(call.Get(name) ?? ModelName.From(Path.GetFileName(source)));
        slot.CheckFree(replace: call.Yes);
        var import = ModelImport.Of(source);
        if (import.LeftOut.Count > 0) call.Out.Note(call.Say.Text("import.left", Some(import.LeftOut)));
        var files = Store(call, import, slot, kind);
        Tell(call, source, slot.Model!, files, kind.ToString().ToLowerInvariant());
        return Exit.Ok;
    }

    string Source(CommandContext call)
    {
        var source = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(path)!)).TrimEnd(Path.DirectorySeparatorChar);
        return Path.Exists(source) ? ModelImport.SourceOf(source) : throw new CliError(3016, source);
    }

    ImportKind Kind(CommandContext call) => (call.Get(move), call.Get(link)) switch
    {
        (true, true) => throw new CliError(2064, "--move", "--link"),
        (true, _) => ImportKind.Move,
        (_, true) => ImportKind.Link,
        _ => ImportKind.Copy,
    };

    static string Some(IReadOnlyList<string> files) => string.Join(", ", files.Take(12)) + (files.Count > 12 ? ", …" : "");

    static StoredFile[] Store(CommandContext call, ModelImport import, ModelSlot slot, ImportKind kind)
    {
        using var progress = new Progress(call, call.Say["import.progress"], "bytes") { Show = Units.Bytes };
        return import.Into(slot, kind, call.Terminal.Clock, progress.Report, call.Cancel);
    }

    static void Tell(CommandContext call, string source, StoredModel made, StoredFile[] files, string how)
    {
        var bytes = files.Sum(f => f.Bytes);
        var json = new JsonObject
        {
            ["v"] = 1,
            ["name"] = made.Name,
            ["path"] = made.Root,
            ["source"] = source,
            ["how"] = how,
            ["bytes"] = bytes,
            ["files"] = new JsonArray([.. files.Select(f => f.ToJson())]),
        };
        call.Out.Result(json, Table.Pairs((made.Name, call.Say.Text($"import.{how}", Units.Bytes(bytes), made.Root))));
    }
}
