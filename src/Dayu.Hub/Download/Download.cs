using System.Net;

namespace Dayu.Hub;

/// <summary>
/// One file, fetched into a model's folder of what is not finished, and continued where it stopped, in this process or
/// another. Hashes are computed while it is written; what is not as announced never gets the file's name.
/// </summary>
/// <param name="client">The way there.</param>
/// <param name="staging">The folder of what is not finished of the model.</param>
/// <param name="file">What is fetched.</param>
/// <param name="report">Told of bytes that came, and where it begins anew.</param>
sealed class Download(HubClient client, string staging, ModelFile file, Action<PullEvent> report) : IDisposable
{
    readonly PartialFile local = new(staging, file.Path);
    ModelFile file = file;                                           // the server may tell its hash where the listing did not

    /// <summary>Bytes of it that are here.</summary>
    public long Bytes => local.Bytes;

    /// <summary>What its content is called by where the server says that beforehand; else null.</summary>
    string? Identity => file.Sha256 is { } sha ? $"sha256:{sha}" : file.GitSha1 is { } git ? $"git:{git}" : null;

    /// <summary>Fetches it, once.</summary>
    /// <exception cref="TransientException">It was cut; what came is kept.</exception>
    /// <exception cref="DamagedFileException">It is not as announced.</exception>
    /// <exception cref="HubRefusalException">The server does not give it.</exception>
    public async Task<StoredFile> Once(CancellationToken cancel)
    {
        if (local.Finished(Identity) is { } finished) return finished;
        var (here, marked) = (local.PartBytes, local.Identity);
        if (here > 0 && !CanContinue(here, marked)) here = Restart();
        if (here > 0 && here == file.Bytes && Identity is not null) return await Checked(here, resumed: true, cancel);

        using var reply = await client.Get(file.Address!, here, Identity is null ? EntityTag(marked) : null, cancel);
        var response = reply.Response;
        var range = response.Content.Headers.ContentRange;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return here > 0 && range?.Length == here ? await Checked(here, resumed: true, cancel) : throw Again("416");
        if (!response.IsSuccessStatusCode) throw client.Refusal(response, file.Address!.GetLeftPart(UriPartial.Path), "");
        if (Identity is null) Learn(reply.Etag);
        var resumes = response.StatusCode == HttpStatusCode.PartialContent;
        if (resumes && (range?.From != here || (Identity ?? marked) != marked)) throw Again("Content-Range");
        if (!resumes && here > 0)
        {
            report(new FileRestarted(file.Path));
            here = Restart();
        }
        var total = response.Content.Headers.ContentLength + here ?? file.Bytes;
        if (file.Bytes is { } announced && total != announced) throw WrongLength(total!.Value, announced);
        await Write(response, here, total, cancel);
        return await Checked(total, resumes, cancel);
    }

    /// <summary>Whether the part that is here belongs to the file as it is now.</summary>
    bool CanContinue(long here, string? marked) => marked is not null && (Identity ?? marked) == marked && !(here > file.Bytes);

    /// <summary>The state of the file that an earlier answer named; null: it named none.</summary>
    static string? EntityTag(string? marked) =>
        marked?.StartsWith("etag:", StringComparison.Ordinal) == true ? marked["etag:".Length..] : null;

    void Learn(string? etag)
    {
        if (etag is null || !HubListing.IsHash(etag)) return;
        var hash = etag.ToLowerInvariant();
        file = hash.Length == 64 ? file with { Sha256 = hash } : file with { GitSha1 = hash };
    }

    async Task Write(HttpResponseMessage response, long here, long? total, CancellationToken cancel)
    {
        await using var to = local.Open(Identity ?? StateOf(response), here);
        var hashes = await local.HashesOf(to, here, file.GitSha1 is null ? null : total, cancel);
        to.Position = here;
        var (body, buffer) = (await response.Content.ReadAsStreamAsync(cancel), new byte[1 << 17]);
        while (await HubClient.Read(body, buffer, cancel) is > 0 and var n)
        {
            if (here + n > total) throw WrongLength(here + n, total.Value);
            await to.WriteAsync(buffer.AsMemory(0, n), cancel);
            hashes.Add(buffer.AsSpan(0, n));
            report(new FileProgress(file.Path, here += n, total));
        }
        if (here < total) throw new TransientException($"{here:N0} < {total:N0} B");
        to.Flush(flushToDisk: true);
    }

    /// <summary>
    /// What the server calls this state of the file by, where it knows no hash of it; null: it does not say.
    /// </summary>
    static string? StateOf(HttpResponseMessage response)
    {
        var tag = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
        var state = tag ?? response.Content.Headers.LastModified?.ToString("R");
        return state is null ? null : $"etag:{state}";
    }

    /// <summary>
    /// What is here in full gets the file's name, if it is as announced.
    /// Otherwise a part of an earlier try may have been damaged: the file is fetched anew.
    /// </summary>
    async Task<StoredFile> Checked(long? total, bool resumed, CancellationToken cancel)
    {
        var hashes = await local.HashesOfAll(file.GitSha1 is null ? null : total, cancel);
        var (sha256, git) = (hashes.Sha256, hashes.GitSha1);
        var (expected, found) = file.Sha256 is not null ? (file.Sha256, sha256) : (file.GitSha1, git);
        if (expected is null || expected == found) return local.Finish(Identity ?? $"sha256:{sha256}", sha256);
        Restart();
        if (resumed) throw new TransientException($"what was here of {file.Path} did not fit", discarded: file.Path);
        throw new DamagedFileException(file.Path, found ?? "?", expected, isLength: false);
    }

    DamagedFileException WrongLength(long found, long expected) => new(file.Path, $"{found}", $"{expected}", isLength: true);

    /// <summary>The part is of no use.</summary>
    TransientException Again(string why)
    {
        Restart();
        return new(why);
    }

    long Restart()
    {
        local.Restart();
        return 0;
    }

    public void Dispose() => local.Dispose();
}
