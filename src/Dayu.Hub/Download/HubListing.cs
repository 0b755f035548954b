using System.Text.Json;
using System.Text.RegularExpressions;
using Dayu.Models;

namespace Dayu.Hub;

/// <summary>What a repository of a hub holds at one commit.</summary>
/// <param name="Commit">By which it does not change any more.</param>
/// <param name="Files">All of them; their paths are not checked yet.</param>
sealed partial record HubListing(string Commit, List<ModelFile> Files)
{
    const int MostBytes = 32 << 20;

    /// <summary>Asks a hub: <c>GET /api/models/{repo}/revision/{revision}?blobs=true</c>.</summary>
    /// <exception cref="HubRefusalException">There is no such repository or revision.</exception>
    /// <exception cref="HubAnswerException">This is no hub.</exception>
    public static async Task<HubListing> Get(HubClient client, Uri hub, PullSource source, CancellationToken cancel)
    {
        var address = new Uri(hub, $"api/models/{source.Repo}/revision/{Uri.EscapeDataString(source.Revision)}?blobs=true");
        using var reply = await client.Get(address, 0, null, cancel);
        if (!reply.Response.IsSuccessStatusCode) throw client.Refusal(reply.Response, source.Repo!, source.Revision);
        var json = await Read(reply.Response, hub, cancel);
        try { return Parse(json, source.Revision); }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new HubAnswerException(hub.Host, Found(address.AbsolutePath, json), e);
        }
    }

    static string Found(string path, byte[] json)
    {
        try { _ = new JsonText(path, json).Parse(); }
        catch (InvalidDataException e) { return e.Message; }
        return $"{path}: JSON that lists no files";
    }

    static async Task<byte[]> Read(HttpResponseMessage response, Uri hub, CancellationToken cancel)
    {
        var (body, bytes, buffer) = (await response.Content.ReadAsStreamAsync(cancel), new MemoryStream(), new byte[1 << 16]);
        while (await HubClient.Read(body, buffer, cancel) is > 0 and var n)
        {
            bytes.Write(buffer, 0, n);
            if (bytes.Length > MostBytes) throw new HubAnswerException(hub.Host, $"> {MostBytes} B");
        }
        return bytes.ToArray();
    }

    static HubListing Parse(byte[] json, string revision)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        List<ModelFile> files = [.. root.GetProperty("siblings").EnumerateArray().Select(FileOf)];
        return new(Text(root, "sha") is { } sha && IsHash(sha) ? sha : revision, files);
    }

    /// <summary>Large files (LFS) are known by their SHA-256, small ones by git's SHA-1.</summary>
    static ModelFile FileOf(JsonElement file)
    {
        var path = file.GetProperty("rfilename").GetString() ?? throw new FormatException("rfilename is null");
        var isLarge = file.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        if (!isLarge) return new(path, Size(file), GitSha1: Hex(Text(file, "blobId")));
        return new(path, lfs.TryGetProperty("size", out _) ? Size(lfs) : Size(file), Hex(Text(lfs, "sha256") ?? Text(lfs, "oid")));
    }

    static long? Size(JsonElement of) =>
        of.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number ? size.GetInt64() : null;

    static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string? Hex(string? text) => text is not null && IsHash(text) ? text.ToLowerInvariant() : null;

    /// <summary>The files that are wanted, with their addresses.</summary>
    /// <exception cref="FileSelectionException">None fits, or several do.</exception>
    /// <exception cref="UnsafePathException">One would lie where it must not.</exception>
    public List<ModelFile> Choose(Uri hub, PullSource source)
    {
        var chosen = FileSelection.Choose(Files, source.Text, source.Tag, source.File);
        return [.. chosen.Select(f => f with { Path = SafePath.Checked(f.Path), Address = AddressOf(f, hub, source) })];
    }

    Uri AddressOf(ModelFile file, Uri hub, PullSource source)
    {
        var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        return new(hub, $"{source.Repo}/resolve/{Uri.EscapeDataString(Commit)}/{path}");
    }

    /// <summary>Whether it is a SHA-1 or a SHA-256, in hexadecimal.</summary>
    public static bool IsHash(string text) => Hash().IsMatch(text);

    [GeneratedRegex("^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})\\z")]
    private static partial Regex Hash();
}
