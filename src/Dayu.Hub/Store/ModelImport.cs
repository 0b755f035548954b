using Dayu.Models;

namespace Dayu.Hub;

/// <summary>How a model on this machine comes into a store.</summary>
public enum ImportKind
{
    /// <summary>Its files are copied.</summary>
    Copy,

    /// <summary>Its files are deleted where they were, once the store has them.</summary>
    Move,

    /// <summary>The store gets symbolic links to them.</summary>
    Link,
}

/// <summary>
/// A model on this machine that is to be stored: a folder, a file, or all parts of a split GGUF file.
/// </summary>
public sealed class ModelImport
{
    readonly bool isFolder;
    readonly List<(string Path, string From)> files;                // where each belongs in the model, and where it is

    ModelImport(string source, IEnumerable<(string, string)> files, string[] leftOut)
    {
        (Source, this.files, LeftOut) = (source, [.. files], leftOut);
        isFolder = Directory.Exists(source);
    }

    /// <summary>The model's file or folder.</summary>
    public string Source { get; }

    /// <summary>Files of the folder that do not belong to the model, hidden ones excepted.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>
    /// The source that a path means: the folder of a safetensors file, since weights are no model without what lies
    /// beside them; else the path itself.
    /// </summary>
    public static string SourceOf(string path)
    {
        var isWeights = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && File.Exists(path);
        return isWeights ? Path.GetDirectoryName(path)! : path;
    }

    /// <summary>Finds the model's files.</summary>
    /// <param name="source">A full path, as <see cref="SourceOf"/> gives it.</param>
    /// <exception cref="FileSelectionException">The folder holds no model, or several.</exception>
    public static ModelImport Of(string source)
    {
        if (Directory.Exists(source)) return OfFolder(source);
        if (ModelName.PartOf(source) == 0) return new(source, [(Path.GetFileName(source), source)], []);
        var pattern = Path.GetFileName(ModelName.WithoutPart(source)) + "-*.gguf";
        var parts = Directory.EnumerateFiles(Path.GetDirectoryName(source)!, pattern);
        return new(source, parts.Order(StringComparer.Ordinal).Select(f => (Path.GetFileName(f), f)), []);
    }

    static ModelImport OfFolder(string source)
    {
        List<ModelFile> all = [.. new DirectoryInfo(source).EnumerateFiles("*", SearchOption.AllDirectories).Select(FileOf)];
        var chosen = FileSelection.Choose(all, source, null, null);
        var leftOut = all.Except(chosen).Where(f => !f.Path.StartsWith('.')).Select(f => f.Path);
        return new(source, chosen.Select(f => (f.Path, Path.Combine(source, f.Path))), [.. leftOut]);

        ModelFile FileOf(FileInfo file) => new(Path.GetRelativePath(source, file.FullName).Replace('\\', '/'), file.Length);
    }

    /// <summary>Opens the model to see that it is one, and stores it; what had the name before is replaced.</summary>
    /// <param name="slot">The name it gets.</param>
    /// <param name="kind">Whether its files are copied, moved or linked.</param>
    /// <param name="clock">Says when it came.</param>
    /// <param name="progress">Called with how many bytes were read, of how many.</param>
    /// <param name="cancel">Stops it; nothing is stored then.</param>
    /// <returns>What was stored.</returns>
    /// <exception cref="InvalidDataException">The model is damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a kind or family that is not known.</exception>
    public StoredFile[] Into(ModelSlot slot, ImportKind kind, TimeProvider clock, Action<long, long> progress, CancellationToken cancel)
    {
        using (Checkpoint.Open(ModelStore.EntryPoint(Source) ?? Source)) { }
        slot.Clean();
        var staged = Path.Combine(slot.StagedFiles, files.Count > 1 && !isFolder ? "parts" : Path.GetFileName(Source));
        StoredFile[] read = [.. Read(staged, kind, progress, cancel)];
        if (kind == ImportKind.Link) Link(staged);
        slot.Publish(staged, new(Source, null, Manifest.Now(clock), read));
        if (kind == ImportKind.Move) files.ForEach(f => File.Delete(f.From));
        return read;
    }

    /// <summary>
    /// Reads the files and copies them to their places; what moves is linked there, and deleted here at the end.
    /// </summary>
    List<StoredFile> Read(string staged, ImportKind kind, Action<long, long> progress, CancellationToken cancel)
    {
        var (done, all) = (0L, files.Sum(f => ModelStore.BytesAt(f.From)));
        var read = new List<StoredFile>();
        foreach (var (path, from) in files)
        {
            var to = isFolder || files.Count > 1 ? Path.Combine(staged, path) : staged;
            if (kind != ImportKind.Link) Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            var (bytes, sha256) = FileCopies.Copy(from, kind == ImportKind.Copy ? to : null, n => progress(done += n, all), cancel);
            if (kind == ImportKind.Move) FileCopies.LinkOrCopy(from, to);
            read.Add(new(path, bytes, sha256));
        }
        return read;
    }

    /// <summary>A symbolic link to the file or folder; of a split file, a folder of links.</summary>
    void Link(string staged)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        if (isFolder) Directory.CreateSymbolicLink(staged, Source);
        else if (files.Count == 1) File.CreateSymbolicLink(staged, Source);
        else
        {
            Directory.CreateDirectory(staged);
            foreach (var (path, from) in files) File.CreateSymbolicLink(Path.Combine(staged, path), from);
        }
    }
}
