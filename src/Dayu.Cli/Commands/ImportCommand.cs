using System.CommandLine;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Takes a model from elsewhere on this machine into the store.</summary>
sealed class ImportCommand : CliCommand
{
    const int MostNamed = 12;                                        // files of a folder that a remark names
    const string LastPart = "00001-of-00001.gguf";

    readonly Argument<string> path = new("path");
    readonly Option<string?> name = new("--as") { HelpName = "name" };
    readonly Option<bool> move = new("--move"), link = new("--link");

    public override IEnumerable<Symbol> Takes => [path, name, move, link];

    public override int Run(CommandContext call)
    {
        var source = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(path)!)).TrimEnd(Path.DirectorySeparatorChar);
        if (!Path.Exists(source)) throw new CliError(3016, source);
        if (IsWeights(source)) source = Path.GetDirectoryName(source)!;
        if (call.Get(move) && call.Get(link)) throw new CliError(2001, "--move, --link", "import");
        using var slot = Slot.Hold(call.Store, call.Get(name) ?? ModelName.From(Path.GetFileName(source)));
        slot.CheckFree();
        if (slot.Model is not null && !call.Yes) throw new CliError(2005, slot.Name);
        var files = Files(call, source);
        _ = ModelFacts.Of(Directory.Exists(source) ? ModelStore.Openable(source) ?? source : source);   // it is a model, or this fails
        slot.Clean();
        var isFolder = Directory.Exists(source);
        var staged = Path.Combine(slot.Staging, "files", files.Count > 1 && !isFolder ? "parts" : Path.GetFileName(source));
        var copies = call.Get(link) ? Read(call, files, null, false) : Read(call, files, Target, call.Get(move));
        if (call.Get(link)) Link(source, staged, files);
        slot.Publish(staged, new(source, null, Manifest.Now(call.Terminal.Clock), [.. copies]));
        if (call.Get(move)) foreach (var (_, from) in files) File.Delete(from);
        var (made, how) = (slot.Model!, call.Get(link) ? "link" : call.Get(move) ? "move" : "copy");
        var bytes = copies.Sum(f => f.Bytes);
        call.Out.Result(
            new()
            {
                ["v"] = 1,
                ["name"] = made.Name,
                ["path"] = made.Root,
                ["source"] = source,
                ["how"] = how,
                ["bytes"] = bytes,
                ["files"] = copies.Select(f => f.Json).ToJson(),
            },
            Table.Pairs((made.Name, call.Say.Text($"import.{how}", Units.Bytes(bytes), made.Root!))));
        return Exit.Ok;

        string Target(string file) => isFolder || files.Count > 1 ? Path.Combine(staged, file) : staged;
    }

    /// <summary>Weights are no model without what lies beside them: their folder is meant.</summary>
    static bool IsWeights(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && File.Exists(path);

    /// <summary>Files of the model: where they belong in it, and where they are. What a folder holds besides is named.</summary>
    static List<(string Path, string From)> Files(CommandContext call, string source)
    {
        if (!Directory.Exists(source)) return [.. Parts(source).Select(f => (Path.GetFileName(f), f))];
        Offered[] all = [.. Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Select(f => Offer(source, f))];
        var chosen = Selection.Of(all, source, null, null);
        string[] left = [.. all.Except(chosen).Select(f => f.Path).Where(p => !p.StartsWith('.'))];
        var named = string.Join(", ", left.Take(MostNamed)) + (left.Length > MostNamed ? ", …" : "");
        if (left.Length > 0) call.Out.Note(call.Say.Text("import.left", named));
        return [.. chosen.Select(f => (f.Path, Path.Combine(source, f.Path)))];
    }

    /// <summary>A file, or all parts of a split one.</summary>
    static IEnumerable<string> Parts(string file)
    {
        if (ModelName.PartOf(file) == 0) return [file];
        var stem = Path.GetFileName(file)[..^LastPart.Length];
        return Directory.EnumerateFiles(Path.GetDirectoryName(file)!, stem + "*.gguf").Order(StringComparer.Ordinal);
    }

    static Offered Offer(string folder, string file) =>
        new(Path.GetRelativePath(folder, file).Replace('\\', '/'), new FileInfo(file).Length);

    /// <summary>Reads the files, and copies them where copies are wanted.</summary>
    static List<StoredFile> Read(CommandContext call, List<(string Path, string From)> files, Func<string, string>? target, bool moves)
    {
        var (done, all) = (0L, files.Sum(f => ModelFacts.BytesAt(f.From)));
        using var progress = new Progress(call, call.Say["import.progress"], "bytes") { Show = Units.Bytes };
        var read = new List<StoredFile>();
        foreach (var (path, from) in files)
        {
            if (target is not null) Directory.CreateDirectory(Path.GetDirectoryName(target(path))!);
            var copy = moves ? null : target?.Invoke(path);
            var (bytes, sha256) = SafeFile.Copy(from, copy, n => progress.Report(done += n, all), call.Cancel);
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
