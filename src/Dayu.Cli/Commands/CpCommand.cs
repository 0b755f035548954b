using System.CommandLine;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>A stored model under another name: second names of the same files where the file system has such, else copies.</summary>
sealed class CpCommand : CliCommand
{
    readonly Argument<string> model = new("model"), name = new("name");

    public override IEnumerable<Symbol> Takes => [model, name];

    public override int Run(CommandContext call)
    {
        var from = call.Store.Named(call.Get(model)!) ?? throw call.Store.Unknown(call.Get(model)!, call.Say);
        if (from.Name == ModelName.Checked(call.Get(name)!)) throw new CliError(2005, from.Name);
        using var own = Slot.Hold(call.Store, from.Name);             // nobody takes it away meanwhile
        using var slot = Slot.Hold(call.Store, ModelName.Checked(call.Get(name)!));
        slot.CheckFree();
        if (slot.Model is not null && !call.Yes) throw new CliError(2005, slot.Name);
        slot.Clean();
        var files = Path.Combine(slot.Staging, "files");
        Directory.CreateDirectory(files);
        var staged = Path.Combine(files, Path.GetFileName(from.Root!));
        var linked = Copy(from.Root!, staged);
        slot.Publish(staged, own.Manifest ?? new($"{from.Name}", null, Manifest.Now(call.Terminal.Clock), []));
        var (made, how) = (slot.Model!, linked ? "hard-link" : "copy");
        call.Out.Result(
            new() { ["v"] = 1, ["name"] = made.Name, ["path"] = made.Root, ["how"] = how, ["bytes"] = ModelFacts.BytesAt(made.Root!) },
            Table.Pairs((made.Name, call.Say.Text($"cp.{how}", made.Root!))));
        return Exit.Ok;
    }

    /// <returns>Whether all of it are second names.</returns>
    static bool Copy(string from, string to)
    {
        if (!Directory.Exists(from)) return SafeFile.LinkOrCopy(from, to);
        Directory.CreateDirectory(to);
        var linked = true;
        foreach (var entry in Directory.EnumerateFileSystemEntries(from)) linked &= Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        return linked;
    }
}
