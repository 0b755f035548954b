using System.Net;

namespace Dayu.Cli;

/// <summary>
/// One file, fetched into a folder of unfinished things and gone on with where it stopped, in this process or another: beside the part lies what the content is called by (<c>.id</c>);
/// a part of anything else is thrown away. Hashes are made while it is written; what is not what it should be never gets the file's name.
/// </summary>
/// <param name="call">Who waits.</param>
/// <param name="web">The way.</param>
/// <param name="folder">Of this model's unfinished things.</param>
/// <param name="file">What is fetched.</param>
sealed class Download(CommandContext call, Web web, string folder, Offered file) : IDisposable
{
    const int Piece = 1 << 17;

    Offered file = file;                                              // learns its hash from the server where the listing did not say it
    readonly string part = Path.Combine(folder, "parts", file.Path) + ".part", mark = Path.Combine(folder, "parts", file.Path) + ".id", whole = Path.Combine(folder, "files", file.Path);
    Hashes? hashes;

    /// <summary>Bytes of it that are here.</summary>
    public long Have => File.Exists(whole) ? new FileInfo(whole).Length : File.Exists(part) ? new FileInfo(part).Length : 0;

    /// <summary>What its content is called by where the server says that beforehand.</summary>
    string? Identity => file.Sha256 is { } sha ? $"sha256:{sha}" : file.GitSha1 is { } git ? $"git:{git}" : null;

    /// <summary>Fetches it, once.</summary>
    /// <param name="report">Told of how many bytes are here, of how many.</param>
    /// <exception cref="TransientException">It was cut; what came is kept.</exception>
    /// <exception cref="CliError">It is not what it should be, or not to be had.</exception>
    public async Task<StoredFile> Once(Action<long, long> report)
    {
        if (Finished() is { } done) return done;
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        var (here, identity) = (File.Exists(part) ? new FileInfo(part).Length : 0, File.Exists(mark) ? File.ReadAllText(mark).Split('\n')[0] : null);
        if (here > 0 && (identity is null || (Identity ?? identity) != identity || here > file.Bytes)) here = Restart();
        if (here > 0 && here == file.Bytes && Identity is not null) return Checked(here, resumed: true);
        using var reply = await web.Get(file.Address!, here, Identity is null && identity?.StartsWith("etag:", StringComparison.Ordinal) == true ? identity[5..] : null, call.Cancel);
        if (reply.Response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return here > 0 && reply.Response.Content.Headers.ContentRange?.Length == here ? Checked(here, resumed: true) : throw Again("416");
        if (!reply.Response.IsSuccessStatusCode) throw web.Refusal(reply.Response, file.Address!.GetLeftPart(UriPartial.Path), "");
        if (Identity is null && reply.Etag is { } etag && HubListing.Hash().IsMatch(etag)) file = etag.Length == 64 ? file with { Sha256 = etag.ToLowerInvariant() } : file with { GitSha1 = etag.ToLowerInvariant() };
        var resumes = reply.Response.StatusCode == HttpStatusCode.PartialContent;
        if (resumes && (reply.Response.Content.Headers.ContentRange?.From != here || (Identity ?? identity) != identity)) throw Again("Content-Range");
        if (!resumes && here > 0)
        {
            call.Out.Note(call.Say.Text("pull.restarts", file.Path));
            here = Restart();
        }
        var total = reply.Response.Content.Headers.ContentLength + here ?? file.Bytes;
        if (file.Bytes is { } said && total != said) throw new CliError(7021, file.Path, total!, said);
        Mark(reply.Response);
        await Write(reply.Response, here, total, report);
        return Checked(total, resumes);
    }

    /// <summary>Notes what the content is called by, before any of it is there: by its hash, else by what the server calls its state.</summary>
    void Mark(HttpResponseMessage response)
    {
        var state = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : response.Content.Headers.LastModified?.ToString("R");
        if ((Identity ?? (state is null ? null : $"etag:{state}")) is { } identity) File.WriteAllText(mark, identity);
        else File.Delete(mark);
    }

    async Task Write(HttpResponseMessage response, long here, long? total, Action<long, long> report)
    {
        var piece = new byte[Piece];
        await using var to = new FileStream(part, here > 0 ? FileMode.Open : FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1);
        if (hashes?.Bytes != here)
        {
            hashes?.Dispose();
            hashes = new(file.GitSha1 is null ? null : total);
            while (hashes.Bytes < here && await to.ReadAsync(piece, call.Cancel) is > 0 and var n) hashes.Add(piece.AsSpan(0, n));
        }
        to.Position = here;
        var body = await response.Content.ReadAsStreamAsync(call.Cancel);
        while (await Web.Read(body, piece, call.Cancel) is > 0 and var n)
        {
            if (here + n > total) throw new CliError(7021, file.Path, here + n, total);
            await to.WriteAsync(piece.AsMemory(0, n), call.Cancel);
            hashes.Add(piece.AsSpan(0, n));
            report(here += n, total ?? 0);
        }
        if (here < total) throw new TransientException($"{here:N0} < {total:N0} B");
        to.Flush(flushToDisk: true);
    }

    /// <summary>What is there in full gets its name, if it is what it should be.</summary>
    StoredFile Checked(long? total, bool resumed)
    {
        if (hashes is null || hashes.Bytes != new FileInfo(part).Length) hashes = OfPart(total);
        var (sha256, git) = (hashes.Sha256, hashes.GitSha1);
        var (expected, found) = file.Sha256 is not null ? (file.Sha256, sha256) : (file.GitSha1, git);
        if (expected != found && expected is not null)
        {
            var again = Again(call.Say.Text("pull.wrong-part", file.Path));
            throw resumed ? again : new CliError(7020, file.Path, found ?? "?", expected);
        }
        File.WriteAllText(mark, $"{Identity ?? "sha256:" + sha256}\n{sha256}");
        File.Move(part, whole, overwrite: true);
        return new(file.Path, new FileInfo(whole).Length, sha256);
    }

    Hashes OfPart(long? total)
    {
        var all = new Hashes(file.GitSha1 is null ? null : total);
        using var from = File.OpenRead(part);
        for (var piece = new byte[Piece]; from.Read(piece) is > 0 and var n;) all.Add(piece.AsSpan(0, n));
        return all;
    }

    /// <summary>The file as an earlier process finished it; null: none did, or it is another by now.</summary>
    StoredFile? Finished()
    {
        if (!File.Exists(whole)) return null;
        if (File.Exists(mark) && File.ReadAllText(mark).Split('\n') is [var identity, var sha256] && Identity == identity) return new(file.Path, new FileInfo(whole).Length, sha256);
        File.Delete(whole);
        Restart();
        return null;
    }

    /// <summary>The part is of no use.</summary>
    TransientException Again(string why)
    {
        Restart();
        return new(why);
    }

    long Restart()
    {
        File.Delete(part);
        File.Delete(mark);
        hashes?.Dispose();
        hashes = null;
        return 0;
    }

    public void Dispose() => hashes?.Dispose();
}
