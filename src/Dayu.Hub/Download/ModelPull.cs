namespace Dayu.Hub;

/// <summary>What a pull is told.</summary>
/// <param name="Hubs">Addresses of hubs, one at least, ending in a slash, tried in order.</param>
/// <param name="Clock">Says when, and waits.</param>
public sealed record PullOptions(IReadOnlyList<Uri> Hubs, TimeProvider Clock)
{
    /// <summary>
    /// The user's token for the hubs: printable ASCII without blanks; null: none.
    /// It goes nowhere else, and nothing writes it down.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>Whether another model that has the name may be replaced.</summary>
    public bool Replace { get; init; }

    /// <summary>Told of everything that happens, on whatever thread.</summary>
    public Action<PullEvent> Progress { get; init; } = _ => { };
}

/// <summary>What a pull brought.</summary>
/// <param name="Model">The stored model.</param>
/// <param name="Manifest">Where it came from.</param>
/// <param name="IsNew">Whether anything had to be fetched.</param>
public sealed record PullResult(StoredModel Model, Manifest Manifest, bool IsNew);

/// <summary>
/// Fetches a model: asks one hub after another what there is, chooses, fetches file after file, and puts the whole into
/// the store. A proxy is used where the system names one.
/// </summary>
/// <param name="source">What is wanted.</param>
/// <param name="slot">The name it gets.</param>
/// <param name="options">From where, and how.</param>
public sealed class ModelPull(PullSource source, ModelSlot slot, PullOptions options)
{
    /// <summary>Fetches it. What has come when it fails or is stopped is kept: the same pull continues.</summary>
    /// <exception cref="HubException">It is not to be had, or cannot be stored; the kind says why.</exception>
    public async Task<PullResult> Run(CancellationToken cancel = default)
    {
        slot.CheckFree(replace: true);
        var hubs = source.Address is { } address ? [address] : options.Hubs;
        for (var i = 0; ; i++)
            try { return await From(hubs[i], cancel); }
            catch (HubException e) when (i + 1 < hubs.Count && IsOfTheHub(e))
            {
                options.Progress(new HubChanged(hubs[i], hubs[i + 1], e));
            }
    }

    /// <summary>Another hub may have what this one has not.</summary>
    static bool IsOfTheHub(HubException e) =>
        e is HubUnreachableException or HubAnswerException or HubRefusalException { Refusal: HubRefusal.NoRepository };

    async Task<PullResult> From(Uri hub, CancellationToken cancel)
    {
        using var client = new HubClient(options.Token, source.Address is null ? hub : null);
        var retry = new Retry(hub.Authority, options.Clock, options.Progress);
        var (files, revision) = source.Address is null ? await List(client, retry, hub, cancel) : ([FileAt(hub)], null);
        var old = slot.Manifest;
        var isSame = old?.Source == source.Text && old.Files.Select(f => f.Path).SequenceEqual(files.Select(f => f.Path));
        if (slot.Model is { } model)
        {
            if (isSame && revision is not null && old!.Revision == revision) return new(model, old, false);
            if (!isSame && !options.Replace) throw new ModelExistsException(slot.Name, old);
        }
        options.Progress(new FilesChosen(files.Sum(f => f.Bytes ?? 0)));
        CheckSpace(files);
        var fetched = new List<StoredFile>();
        foreach (var (i, file) in files.Index())
        {
            options.Progress(new FileStarted(file.Path, i + 1, files.Count));
            fetched.Add(await Fetch(client, retry, file, cancel));
        }
        DeleteOthers(files);
        var manifest = new Manifest(source.Text, revision, Manifest.Now(options.Clock), [.. fetched]);
        slot.Publish(files.Count == 1 ? Path.Combine(slot.StagedFiles, files[0].Path) : FolderOf(files), manifest);
        return new(slot.Model ?? throw FileSelectionException.None(source.Text), manifest, true);
    }

    async Task<(List<ModelFile> Files, string? Revision)> List(HubClient client, Retry retry, Uri hub, CancellationToken cancel)
    {
        var listing = await retry.Do(() => HubListing.Get(client, hub, source, cancel), () => 0, cancel);
        return (listing.Choose(hub, source), listing.Commit);
    }

    static ModelFile FileAt(Uri address) => new(SafePath.Checked(PullSource.FileOf(address)), null) { Address = address };

    async Task<StoredFile> Fetch(HubClient client, Retry retry, ModelFile file, CancellationToken cancel)
    {
        using var download = new Download(client, slot.Staging, file, options.Progress);
        var stored = await retry.Do(() => download.Once(cancel), () => download.Bytes, cancel);
        options.Progress(new FileFinished(stored));
        return stored;
    }

    /// <summary>Parts of a split file may lie in a folder of their own; the model is where they lie.</summary>
    string FolderOf(List<ModelFile> files) => files.All(f => ModelName.PartOf(f.Path) > 0)
        ? Path.Combine(slot.StagedFiles, Path.GetDirectoryName(files[0].Path)!) : slot.StagedFiles;

    /// <summary>What an earlier try fetched and this one does not want.</summary>
    void DeleteOthers(List<ModelFile> files)
    {
        var wanted = files.Select(f => f.Path).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(slot.StagedFiles, "*", SearchOption.AllDirectories))
            if (!wanted.Contains(Path.GetRelativePath(slot.StagedFiles, file).Replace('\\', '/'))) File.Delete(file);
    }

    void CheckSpace(List<ModelFile> files)
    {
        Directory.CreateDirectory(slot.Staging);
        var here = new DirectoryInfo(slot.Staging).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        var needed = files.Sum(f => f.Bytes ?? 0) - here;
        var free = new DriveInfo(Path.GetFullPath(slot.Staging)).AvailableFreeSpace;
        if (needed > free) throw new DiskSpaceException(needed, free, slot.Staging);
    }
}
