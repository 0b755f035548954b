namespace Dayu.Hub;

/// <summary>A model of a store.</summary>
/// <param name="Name">What it is called: <c>owner/name:tag</c>.</param>
/// <param name="Path">What is opened: a file or a folder.</param>
/// <param name="Root">The file or folder that holds all of it.</param>
public sealed record StoredModel(string Name, string Path, string Root);

/// <summary>
/// A folder of models, found by name. They are plain files: one that is put there by hand is a model like any other.
/// </summary>
/// <param name="folder">Where they lie; it need not exist before a model is stored.</param>
public sealed class ModelStore(string folder)
{
    const int Deepest = 3;                                           // owner/name, and one more

    /// <summary>The folder of stored models.</summary>
    public string Folder => folder;

    /// <summary>Locks, what is not finished, and what is about to be deleted.</summary>
    internal string WorkFolder => Path.Combine(folder, ".store");

    /// <summary>Models of the store, ordered by path.</summary>
    public IEnumerable<StoredModel> Models() => Directory.Exists(folder) ? In(folder, 1) : [];

    /// <summary>
    /// The model of that name, else one whose name differs only in upper and lower case; null where there is none.
    /// </summary>
    public StoredModel? Find(string name)
    {
        StoredModel[] all = [.. Models()];
        return all.FirstOrDefault(m => m.Name == name)
            ?? all.FirstOrDefault(m => m.Name.Equals(name.Replace('@', ':'), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Where the model of that name came from; null where that is not known.</summary>
    public Manifest? ManifestOf(string name) => Manifest.Read(ManifestPath(name));

    /// <summary>Names of models that are not finished: a pull or an import was stopped.</summary>
    public string[] Unfinished()
    {
        if (!Directory.Exists(Partial)) return [];
        var names = Directory.EnumerateDirectories(Partial).Select(p => ModelName.OfFlat(Path.GetFileName(p)));
        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// <summary>Bytes that have come of a model that is not finished.</summary>
    public long UnfinishedBytes(string name) => Directory.Exists(StagingPath(name)) ? BytesAt(StagingPath(name)) : 0;

    /// <summary>Whether a pull of that name would continue what has come, and not begin anew.</summary>
    public bool CanContinue(string name)
    {
        var parts = new DirectoryInfo(Path.Combine(StagingPath(name), "parts"));
        FileInfo[] marks = parts.Exists ? [.. parts.EnumerateFiles("*" + PartialFile.MarkExtension, SearchOption.AllDirectories)] : [];
        return marks.Length > 0 && UnfinishedBytes(name) > marks.Sum(m => m.Length);
    }

    /// <summary>Bytes that a name takes: those of its model, and of what is not finished.</summary>
    public long BytesOf(string name) => new[] { Find(name)?.Root, StagingPath(name) }.Where(Path.Exists).Sum(p => BytesAt(p!));

    /// <summary>Takes a name for this process alone, to store, copy or remove a model.</summary>
    /// <exception cref="ModelNameException">It cannot be a name.</exception>
    /// <exception cref="ModelLockedException">Another process has it.</exception>
    public ModelSlot Hold(string name) => ModelSlot.Hold(this, name);

    /// <summary>What a file or folder is opened by as a model; null where it is none.</summary>
    public static string? EntryPoint(string root) => Directory.Exists(root) ? OfFolder(root) : IsModelFile(root) ? root : null;

    /// <summary>Bytes of a file, or of all files of a folder; symbolic links count as what they lead to.</summary>
    public static long BytesAt(string path)
    {
        if (!Directory.Exists(path)) return Length(new(path));
        return new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(Length);
    }

    internal string ManifestPath(string name) => Path.Combine(folder, ModelName.PathOf(name)) + Manifest.Extension;

    internal string StagingPath(string name) => Path.Combine(Partial, ModelName.Flat(name));

    string Partial => Path.Combine(WorkFolder, "partial");

    IEnumerable<StoredModel> In(string below, int depth)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(below).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(entry).StartsWith('.')) continue;
            if (EntryPoint(entry) is { } path) yield return new(ModelName.OfPath(Path.GetRelativePath(folder, entry)), path, entry);
            else if (depth < Deepest && Directory.Exists(entry) && new DirectoryInfo(entry).LinkTarget is null)
                foreach (var model in In(entry, depth + 1)) yield return model;
        }
    }

    /// <summary>A Hugging Face folder itself, or the first part of a split GGUF file.</summary>
    static string? OfFolder(string root) => File.Exists(Path.Combine(root, "config.json")) ? root
        : Directory.EnumerateFiles(root, "*-00001-of-*.gguf").Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Neither a later part of a split file nor a llama2.c tokenizer (<c>tok*.bin</c>).</summary>
    static bool IsModelFile(string path) =>
        ModelName.IsFile(path) && ModelName.PartOf(path) <= 1 && !Path.GetFileName(path).StartsWith("tok", StringComparison.Ordinal);

    static long Length(FileInfo file)
    {
        if (file.LinkTarget is null) return file.Length;
        return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target.Length : 0;
    }
}
