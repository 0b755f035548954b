namespace Dayu.Hub;

/// <summary>
/// A file on its way: the part of it that is here, beside it what its content is called by (<c>.id</c>), and the hashes
/// of what was written. A part of anything else is deleted; only what is finished gets the file's name.
/// </summary>
/// <param name="staging">The folder of what is not finished of the model.</param>
/// <param name="name">The file's path in the model, with slashes.</param>
sealed class PartialFile(string staging, string name) : IDisposable
{
    /// <summary>Of what a file's content is called by.</summary>
    public const string MarkExtension = ".id";

    readonly string part = Path.Combine(staging, "parts", name) + ".part";
    readonly string mark = Path.Combine(staging, "parts", name) + MarkExtension;
    readonly string whole = Path.Combine(staging, "files", name);
    Hashes? hashes;

    /// <summary>Bytes that are here, of the part or of the finished file.</summary>
    public long Bytes => File.Exists(whole) ? new FileInfo(whole).Length : PartBytes;

    /// <summary>Bytes of the part that is here.</summary>
    public long PartBytes => File.Exists(part) ? new FileInfo(part).Length : 0;

    /// <summary>What the part's content was called by when it began; null: not known.</summary>
    public string? Identity => File.Exists(mark) ? File.ReadAllText(mark).Split('\n')[0] : null;

    /// <summary>
    /// The file as an earlier process finished it; null where none did, or the file is another by now.
    /// </summary>
    /// <param name="identity">What the server calls its content by now; null: it does not say.</param>
    public StoredFile? Finished(string? identity)
    {
        if (!File.Exists(whole)) return null;
        var lines = File.Exists(mark) ? File.ReadAllText(mark).Split('\n') : [];
        if (lines is [var marked, var sha256] && marked == identity) return Stored(sha256);
        File.Delete(whole);
        Restart();
        return null;
    }

    /// <summary>
    /// Makes the folders, notes what the content is called by, and opens the part to be continued at a length.
    /// </summary>
    /// <param name="identity">What the content is called by; null: nobody says, and the part cannot be continued
    /// later.</param>
    /// <param name="at">Bytes of the part that are kept.</param>
    public FileStream Open(string? identity, long at)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        if (identity is null) File.Delete(mark);
        else File.WriteAllText(mark, identity);
        return new(part, at > 0 ? FileMode.Open : FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1);
    }

    /// <summary>The hashes of the first bytes of the part; those that are missing are read from it.</summary>
    /// <param name="from">The part.</param>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="gitLength">The file's length where git's SHA-1 is wanted; else null.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<Hashes> HashesOf(Stream from, long bytes, long? gitLength, CancellationToken cancel)
    {
        if (hashes?.Bytes == bytes) return hashes;
        hashes?.Dispose();
        hashes = new(gitLength);
        from.Position = 0;
        await hashes.AddAsync(from, bytes, cancel);
        return hashes;
    }

    /// <summary>The hashes of the whole part.</summary>
    public async Task<Hashes> HashesOfAll(long? gitLength, CancellationToken cancel)
    {
        await using var from = File.OpenRead(part);
        return await HashesOf(from, from.Length, gitLength, cancel);
    }

    /// <summary>Gives the part, which is complete and as it should be, the file's name.</summary>
    public StoredFile Finish(string identity, string sha256)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        File.WriteAllText(mark, $"{identity}\n{sha256}");
        File.Move(part, whole, overwrite: true);
        return Stored(sha256);
    }

    StoredFile Stored(string sha256) => new(name, new FileInfo(whole).Length, sha256);

    /// <summary>Deletes the part; the file begins anew.</summary>
    public void Restart()
    {
        if (Directory.Exists(Path.GetDirectoryName(part)))
        {
            File.Delete(part);
            File.Delete(mark);
        }
        hashes?.Dispose();
        hashes = null;
    }

    public void Dispose() => hashes?.Dispose();
}
