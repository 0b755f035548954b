using System.CommandLine;
using System.Text.Json.Nodes;

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
        var source = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(path)!)).TrimEnd(Path.DirectorySeparatorChar);
        if (!Path.Exists(source)) throw new CliError(3016, source);
        if (source.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && File.Exists(source)) source = Path.GetDirectoryName(source)!;   // weights are no model without what lies beside them
        if (call.Get(move) && call.Get(link)) throw new CliError(2001, "--move, --link", "import");
        using var slot = Slot.Hold(call.Store, call.Get(name) ?? ModelName.From(Path.GetFileName(source)));
        slot.CheckFree();
        if (slot.Model is not null && !call.Yes) throw new CliError(2005, slot.Name);
        var files = Files(call, source);
        _ = ModelFacts.Of(Directory.Exists(source) ? ModelStore.Openable(source) ?? source : source);
        slot.Clean();
        var staged = Path.Combine(slot.Staging, "files", Path.GetFileName(source));
        if (files.Count > 1 && !Directory.Exists(source)) staged = Path.Combine(slot.Staging, "files", "parts");
        var copies = call.Get(link) ? Read(call, files, null, false) : Read(call, files, file => Directory.Exists(source) || files.Count > 1 ? Path.Combine(staged, file) : staged, call.Get(move));
        if (call.Get(link)) Link(source, staged, files);
        slot.Publish(staged, new(source, null, Manifest.Now(call.Terminal.Clock), [.. copies]));
        if (call.Get(move)) foreach (var (_, from) in files) File.Delete(from);
        var (made, how) = (slot.Model!, call.Get(link) ? "link" : call.Get(move) ? "move" : "copy");
        call.Out.Result(
            new() { ["v"] = 1, ["name"] = made.Name, ["path"] = made.Root, ["source"] = source, ["how"] = how, ["bytes"] = copies.Sum(f => f.Bytes), ["files"] = new JsonArray([.. copies.Select(f => f.Json)]) },
            Table.Pairs((made.Name, call.Say.Text($"import.{how}", Units.Bytes(copies.Sum(f => f.Bytes)), made.Root!))));
        return Exit.Ok;
    }

    /// <summary>Files of the model: where they belong in it, and where they are. What a folder holds besides is named.</summary>
    static List<(string Path, string From)> Files(CommandContext call, string source)
    {
        if (!Directory.Exists(source))
        {
            var part = ModelName.PartOf(source) > 0;
            IEnumerable<string> parts = part ? Directory.EnumerateFiles(Path.GetDirectoryName(source)!, Path.GetFileName(source)[..^"00001-of-00001.gguf".Length] + "*.gguf").Order(StringComparer.Ordinal) : [source];
            return [.. parts.Select(f => (Path.GetFileName(f), f))];
        }
        List<Offered> all = [.. Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Select(f => new Offered(Path.GetRelativePath(source, f).Replace('\\', '/'), new FileInfo(f).Length))];
        var chosen = Selection.Of(all, source, null, null);
        if (all.Except(chosen).Where(f => !f.Path.StartsWith('.')).Select(f => f.Path).ToArray() is { Length: > 0 } left) call.Out.Note(call.Say.Text("import.left", string.Join(", ", left.Take(12)) + (left.Length > 12 ? ", …" : "")));
        return [.. chosen.Select(f => (f.Path, Path.Combine(source, f.Path)))];
    }

    /// <summary>Reads the files, and copies them where copies are wanted.</summary>
    static List<StoredFile> Read(CommandContext call, List<(string Path, string From)> files, Func<string, string>? target, bool moves)
    {
        var (done, all) = (0L, files.Sum(f => ModelFacts.BytesAt(f.From)));
        using var progress = new Progress(call, call.Say["import.progress"], "bytes") { Show = Units.Bytes };
        var read = new List<StoredFile>();
        foreach (var (path, from) in files)
        {
            if (target is not null) Directory.CreateDirectory(Path.GetDirectoryName(target(path))!);
            var (bytes, sha256) = SafeFile.Copy(from, moves ? null : target?.Invoke(path), n => progress.Report(done += n, all), call.Cancel);
            if (moves) SafeFile.LinkOrCopy(from, target!(path));      // the first name goes when the store has the second
            read.Add(new(path, bytes, sha256));
        }
        return read;
    }

    /// <summary>A symbolic link to the file or folder; of a split file, a folder of links.</summary>
    static void Link(string source, string staged, List<(string Path, string From)> files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        if (Directory.Exists(source)) Directory.CreateSymbolicLink(staged, source);
        else if (files.Count == 1) File.CreateSymbolicLink(staged, source);
        else
        {
            Directory.CreateDirectory(staged);
            foreach (var (path, from) in files) File.CreateSymbolicLink(Path.Combine(staged, path), from);
        }
    }
}
