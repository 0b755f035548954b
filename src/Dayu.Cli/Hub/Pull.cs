namespace Dayu.Cli;

/// <summary>Gets a model: asks one hub after another what there is, chooses, fetches file after file, and puts the whole into the store.</summary>
/// <param name="call">Who waits.</param>
/// <param name="source">What is wanted.</param>
/// <param name="slot">The name it gets.</param>
/// <param name="resume">The command that goes on after it was stopped.</param>
sealed class Pull(CommandContext call, PullSource source, Slot slot, string resume)
{
    /// <summary>Gets it.</summary>
    /// <returns>What it is; and whether anything had to be fetched.</returns>
    /// <exception cref="CliError">It is not to be had.</exception>
    public async Task<(Manifest Manifest, bool IsNew)> Run()
    {
        var hubs = source.Address is { } address ? [address] : Setting.Items(call.Settings.Text(Setting.Mirrors)!).Select(h => new Uri(h.TrimEnd('/') + "/")).ToArray();
        for (var i = 0; ; i++)
            try { return await From(hubs[i]); }
            catch (CliError c) when (i + 1 < hubs.Length && c.Number is (6001 or 6002 or 3010 or 7023))
            {
                call.Out.Note(call.Say.Text("pull.next", hubs[i].Authority, hubs[i + 1].Authority, c.Number));
            }
    }

    async Task<(Manifest, bool)> From(Uri hub)
    {
        using var web = new Web(Token(), source.Address is null ? hub : null);
        var retry = new Retry(call, hub.Authority, resume);
        var (files, revision) = source.Address is not null ? ([new Offered(HubListing.SafePath(Path.GetFileName(Uri.UnescapeDataString(hub.AbsolutePath))), null) { Address = hub }], null)
            : await retry.Do(() => HubListing.Get(web, hub, source, call.Cancel), () => 0L) is var listing ? (listing.Choose(hub, source), (string?)listing.Commit) : default;
        var old = slot.Manifest;
        var same = old?.Source == source.Text && old.Files.Select(f => f.Path).SequenceEqual(files.Select(f => f.Path));
        if (slot.Model is not null && same && revision is not null && old!.Revision == revision) return (old, false);
        if (slot.Model is not null && !same && !call.Yes) throw new CliError(2037, slot.Name, old is null ? "?" : $"{old.Source} ({old.Files.FirstOrDefault()?.Path}{(old.Files.Length > 1 ? ", …" : "")})");
        CheckSpace(files);
        var fetched = new List<StoredFile>();
        foreach (var (file, i) in files.Select((f, i) => (f, i + 1))) fetched.Add(await Fetch(web, retry, file, files.Count == 1 ? file.Path : $"{file.Path} ({i}/{files.Count})"));
        Forget(files);
        var manifest = new Manifest(source.Text, revision, Manifest.Now(call.Terminal.Clock), [.. fetched]);
        var folder = Path.Combine(slot.Staging, "files");
        slot.Publish(files.Count == 1 ? Path.Combine(folder, files[0].Path) : Together(folder, files), manifest);
        return (manifest, true);
    }

    async Task<StoredFile> Fetch(Web web, Retry retry, Offered file, string label)
    {
        using var download = new Download(call, web, slot.Staging, file);
        using var progress = new Progress(call, label, "bytes") { Show = Units.Bytes };
        var done = await retry.Do(() => download.Once(progress.Report), () => download.Have);
        progress.Dispose();
        call.Out.Note($"{done.Path}  {Units.Bytes(done.Bytes)}  sha256 {done.Sha256[..12]}");
        return done;
    }

    /// <summary>Parts of a split file may lie in a folder of their own; the model is where they lie.</summary>
    static string Together(string folder, List<Offered> files) => files.All(f => ModelName.PartOf(f.Path) > 0) ? Path.Combine(folder, Path.GetDirectoryName(files[0].Path)!) : folder;

    /// <summary>What an earlier try fetched and this one does not want.</summary>
    void Forget(List<Offered> files)
    {
        var (folder, wanted) = (Path.Combine(slot.Staging, "files"), files.Select(f => f.Path).ToHashSet());
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            if (!wanted.Contains(Path.GetRelativePath(folder, file).Replace('\\', '/'))) File.Delete(file);
    }

    void CheckSpace(List<Offered> files)
    {
        Directory.CreateDirectory(slot.Staging);
        var (needed, free) = (files.Sum(f => f.Bytes ?? 0) - new DirectoryInfo(slot.Staging).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length), new DriveInfo(Path.GetFullPath(slot.Staging)).AvailableFreeSpace);
        if (needed > free) throw new CliError(1011, Units.Bytes(needed), Units.Bytes(free), slot.Staging);
    }

    /// <summary>The user's token for the hub. It goes nowhere else, and nothing writes it down.</summary>
    string? Token()
    {
        var token = (call.Terminal.Variable("HF_TOKEN") ?? call.Terminal.Variable("HUGGING_FACE_HUB_TOKEN"))?.Trim();
        return token is null || token.All(c => c is > ' ' and < '\x7f') ? token : throw new CliError(2038);
    }
}
