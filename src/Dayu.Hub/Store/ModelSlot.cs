namespace Dayu.Hub;

/// <summary>
/// A name of a store, held by this process alone. What is written appears under the name whole, or not at all;
/// what a killed process left is continued, or swept away. <see cref="Dispose"/> lets the name go.
/// </summary>
public sealed class ModelSlot : IDisposable
{
    readonly ModelStore store;
    readonly FileStream heldFile;
    readonly Trash trash;

    ModelSlot(ModelStore store, string name, FileStream heldFile)
    {
        (this.store, Name, this.heldFile) = (store, name, heldFile);
        trash = new(Path.Combine(store.WorkFolder, "trash"));
    }

    /// <summary>The name, written as the stored model's where there is one.</summary>
    public string Name { get; }

    /// <summary>The model of that name; null where there is none.</summary>
    public StoredModel? Model => store.Find(Name);

    /// <summary>Where the model came from; null where that is not known.</summary>
    public Manifest? Manifest => store.ManifestOf(Name);

    /// <summary>What is not finished; it is still there after a process was killed.</summary>
    internal string Staging => store.StagingPath(Name);

    /// <summary>Files of <see cref="Staging"/> that are finished.</summary>
    internal string StagedFiles => Path.Combine(Staging, "files");

    /// <summary>
    /// Takes a name. The system releases the lock with the process, however that ends;
    /// its file stays, since deleting it would let two hold it.
    /// </summary>
    internal static ModelSlot Hold(ModelStore store, string name)
    {
        name = ModelName.Checked(name);
        var locks = Path.Combine(store.WorkFolder, "locks");
        Directory.CreateDirectory(locks);
        var held = Lock(Path.Combine(locks, ModelName.Flat(name).ToLowerInvariant()), name);
        var slot = new ModelSlot(store, store.Find(name)?.Name ?? name, held);
        slot.trash.Sweep();
        return slot;
    }

    static FileStream Lock(string path, string name)
    {
        try { return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException e) when (File.Exists(path)) { throw new ModelLockedException(name, e); }
    }

    /// <summary>Checks that a model can be stored under the name.</summary>
    /// <param name="replace">Whether a model that has the name already may be replaced.</param>
    /// <exception cref="ModelNameException">One of the two models would lie in the other's folder.</exception>
    /// <exception cref="ModelExistsException">There is one, and it may not be replaced.</exception>
    public void CheckFree(bool replace)
    {
        var other = store.Models().FirstOrDefault(m => IsAbove(m.Name, Name) || IsAbove(Name, m.Name));
        if (other is not null) throw new ModelNameException(Name, other.Name);
        if (!replace && Model is not null) throw new ModelExistsException(Name, Manifest);
    }

    /// <summary>Whether a model of the one name would hold a model of the other.</summary>
    static bool IsAbove(string name, string other) => other.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Stores another name's model under this one, in place of what had it:
    /// as hard links where the file system has these, else as copies.
    /// </summary>
    /// <param name="other">The name of what is copied.</param>
    /// <param name="clock">Says when it came, where the other does not.</param>
    /// <returns>Whether all files are hard links.</returns>
    public bool CopyFrom(ModelSlot other, TimeProvider clock)
    {
        var root = other.Model?.Root ?? throw new ArgumentException($"there is no model '{other.Name}'", nameof(other));
        Clean();
        Directory.CreateDirectory(StagedFiles);
        var staged = Path.Combine(StagedFiles, Path.GetFileName(root));
        var linked = FileCopies.LinkOrCopyAll(root, staged);
        Publish(staged, other.Manifest ?? new(other.Name, null, Manifest.Now(clock), []));
        return linked;
    }

    /// <summary>Puts a finished file or folder in its place; what had the name before is deleted.</summary>
    internal void Publish(string staged, Manifest manifest)
    {
        CheckFree(replace: true);
        var (old, isFolder) = (Model?.Root, Directory.Exists(staged));
        var extension = isFolder ? "" : Path.GetExtension(staged).ToLowerInvariant();
        var place = Path.Combine(store.Folder, ModelName.PathOf(Name)) + extension;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        manifest.Save(store.ManifestPath(Name));
        if (old is not null && (old != place || Directory.Exists(old))) trash.Discard(old);
        if (isFolder) Directory.Move(staged, place);
        else File.Move(staged, place, overwrite: true);
        Clean();
    }

    /// <summary>Deletes the model, and what is not finished of it.</summary>
    public void Remove()
    {
        var manifest = store.ManifestPath(Name);
        if (Model?.Root is { } root) trash.Discard(root);
        if (File.Exists(manifest)) File.Delete(manifest);
        Clean();
        DeleteEmpty(Path.GetDirectoryName(manifest)!);
    }

    /// <summary>The owner's folder goes with the last model in it.</summary>
    void DeleteEmpty(string folder)
    {
        for (; folder.Length > store.Folder.Length && IsEmpty(folder); folder = Path.GetDirectoryName(folder)!)
            Directory.Delete(folder);
    }

    static bool IsEmpty(string folder) => Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any();

    /// <summary>Deletes what is not finished.</summary>
    internal void Clean()
    {
        if (Directory.Exists(Staging)) trash.Discard(Staging);
    }

    /// <summary>Lets the name go.</summary>
    public void Dispose() => heldFile.Dispose();
}
