namespace Dayu.Cli;

/// <summary>A name of the store, held by this process alone. What is written appears under the name whole, or not at all; what a killed process left is gone on with, or swept away.</summary>
sealed class Slot : IDisposable
{
    readonly ModelStore store;
    readonly FileStream held;

    Slot(ModelStore store, string name, FileStream held) => (this.store, Name, this.held) = (store, name, held);

    /// <summary>Checked.</summary>
    public string Name { get; }

    /// <summary>The model of that name; null: there is none.</summary>
    public ModelStore.Found? Model => store.Named(Name);

    /// <summary>Where it came from; null: nobody knows.</summary>
    public Manifest? Manifest => Manifest.Read(ManifestPath);

    /// <summary>Where something not finished lies; it is there after a process was killed.</summary>
    public string Staging => StagingOf(store, Name);

    string ManifestPath => ManifestOf(store, Name);

    /// <summary>Takes a name. The lock is the system's: it ends with the process, however that ends; its file stays, since deleting it would let two hold it.</summary>
    /// <exception cref="CliError">Another process has it.</exception>
    public static Slot Hold(ModelStore store, string name)
    {
        var locks = Path.Combine(store.Workshop, "locks");
        Directory.CreateDirectory(locks);
        var path = Path.Combine(locks, ModelName.Flat(ModelName.Checked(name)).ToLowerInvariant());
        FileStream held;
        try { held = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException) when (File.Exists(path)) { throw new CliError(1010, name); }
        var slot = new Slot(store, store.Named(ModelName.Checked(name))?.Name ?? ModelName.Checked(name), held);
        slot.Sweep();
        return slot;
    }

    /// <summary>A name is that of a model, or begins names of models (<c>owner/</c>), and never both: one would lie in the other.</summary>
    /// <exception cref="CliError">It would be both.</exception>
    public void CheckFree()
    {
        if (store.Stored().FirstOrDefault(m => Name.StartsWith(m.Name + "/", StringComparison.OrdinalIgnoreCase) || m.Name.StartsWith(Name + "/", StringComparison.OrdinalIgnoreCase)) is { } other) throw new CliError(1015, Name, other.Name);
    }

    /// <summary>Where a model's manifest lies.</summary>
    public static string ManifestOf(ModelStore store, string name) => Path.Combine(store.Folder, ModelName.PathOf(name)) + Manifest.Extension;

    /// <summary>Where what is not finished of a model lies.</summary>
    public static string StagingOf(ModelStore store, string name) => Path.Combine(store.Workshop, "partial", ModelName.Flat(name));

    /// <summary>Names of models that are not finished.</summary>
    public static string[] Unfinished(ModelStore store) => Path.Combine(store.Workshop, "partial") is var partial && Directory.Exists(partial)
        ? [.. Directory.EnumerateDirectories(partial).Select(p => Path.GetFileName(p).Replace('+', '/').Replace('@', ':')).Order(StringComparer.Ordinal)] : [];

    /// <summary>Puts a finished file or folder in its place; what had the name before goes.</summary>
    public void Publish(string staged, Manifest manifest)
    {
        var old = Model?.Root;
        var place = Path.Combine(store.Folder, ModelName.PathOf(Name)) + (Directory.Exists(staged) ? "" : Path.GetExtension(staged).ToLowerInvariant());
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        manifest.Save(ManifestPath);
        if (old is not null && (old != place || Directory.Exists(old))) Discard(old);
        if (Directory.Exists(staged)) Directory.Move(staged, place);
        else File.Move(staged, place, overwrite: true);
        Clean();
    }

    /// <summary>Takes the model out of the store, with what is not finished of it.</summary>
    public void Remove()
    {
        if (Model?.Root is { } root) Discard(root);
        File.Delete(ManifestPath);
        Clean();
        for (var above = Path.GetDirectoryName(ManifestPath)!; above.Length > store.Folder.Length && !Directory.EnumerateFileSystemEntries(above).Any(); above = Path.GetDirectoryName(above)!) Directory.Delete(above);
    }

    /// <summary>Throws away what is not finished.</summary>
    public void Clean()
    {
        if (Directory.Exists(Staging)) Discard(Staging);
    }

    /// <summary>Out of its place in one step, then deleted: whoever is killed in between leaves no half model.</summary>
    void Discard(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)                // goes in one step, and what it leads to stays
        {
            if (Directory.Exists(path)) Directory.Delete(path);
            else File.Delete(path);
            return;
        }
        var trash = Path.Combine(store.Workshop, "trash");
        Directory.CreateDirectory(trash);
        var gone = Path.Combine(trash, Guid.NewGuid().ToString("N"));
        if (Directory.Exists(path)) Directory.Move(path, gone);
        else File.Move(path, gone);
        Sweep();
    }

    void Sweep()
    {
        var trash = Path.Combine(store.Workshop, "trash");
        if (!Directory.Exists(trash)) return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(trash))
            try
            {
                if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
                else File.Delete(entry);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }   // another process is at it, or still reads it; the next one sweeps
    }

    public void Dispose() => held.Dispose();
}
