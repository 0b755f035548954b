using System.Text.Json;
using System.Text.RegularExpressions;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>What a repository of the hub holds, at one commit.</summary>
/// <param name="Commit">By which it does not change any more.</param>
/// <param name="Files">All of them; nobody has looked yet whether their paths are acceptable.</param>
sealed partial record HubListing(string Commit, List<Offered> Files)
{
    const int MostBytes = 32 << 20;

    /// <summary>Asks a hub: <c>GET /api/models/{repo}/revision/{revision}?blobs=true</c>.</summary>
    /// <exception cref="CliError">There is no such repository or revision, or this is no hub.</exception>
    public static async Task<HubListing> Get(Web web, Uri hub, PullSource source, CancellationToken cancel)
    {
        using var reply = await web.Get(new(hub, $"api/models/{source.Repo}/revision/{Uri.EscapeDataString(source.Revision)}?blobs=true"), 0, null, cancel);
        if (!reply.Response.IsSuccessStatusCode) throw web.Refusal(reply.Response, source.Repo!, source.Revision);
        var (body, bytes, piece) = (await reply.Response.Content.ReadAsStreamAsync(cancel), new MemoryStream(), new byte[1 << 16]);
        while (await Web.Read(body, piece, cancel) is > 0 and var n)
        {
            bytes.Write(piece, 0, n);
            if (bytes.Length > MostBytes) throw new CliError(7023, hub.Host, $"> {MostBytes} B");
        }
        try { return Of(bytes.ToArray(), source.Revision); }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException) { throw new CliError(7023, hub.Host, e.Message); }
    }

    static HubListing Of(byte[] json, string revision)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        List<Offered> files = [.. root.GetProperty("siblings").EnumerateArray().Select(One)];
        return new(Text(root, "sha") is { } sha && Hash().IsMatch(sha) ? sha : revision, files);
    }

    static Offered One(JsonElement file)
    {
        var large = file.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var bytes = (large && lfs.TryGetProperty("size", out var size)) || file.TryGetProperty("size", out size) ? size.ValueKind == JsonValueKind.Number ? size.GetInt64() : (long?)null : null;
        return new(file.GetProperty("rfilename").GetString()!, bytes, large ? Hex(Text(lfs, "sha256") ?? Text(lfs, "oid")) : null, large ? null : Hex(Text(file, "blobId")));
    }

    static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string? Hex(string? text) => text is not null && Hash().IsMatch(text) ? text.ToLowerInvariant() : null;

    /// <summary>The files that are wanted, with their addresses; none may lie where it must not.</summary>
    public List<Offered> Choose(Uri hub, PullSource source) => [.. Selection.Of(Files, source.Text, source.Tag, source.File).Select(f => f with
    {
        Path = SafePath(f.Path),
        Address = new Uri(hub, $"{source.Repo}/resolve/{Uri.EscapeDataString(Commit)}/{string.Join('/', f.Path.Split('/').Select(Uri.EscapeDataString))}"),
    })];

    /// <summary>A server's path, if it leads nowhere but below the folder it is put into, on every system.</summary>
    /// <exception cref="CliError">It does not.</exception>
    public static string SafePath(string path) => path.Length <= 512 && path.Split('/').All(p => p is not ("" or "." or "..") && p.Length <= 128 && !p.Any(c => c < ' ' || "<>:\"|?*\\\u007f".Contains(c)) && p[^1] is not ('.' or ' ') && !ModelName.IsDevice(p))
        ? path : throw new CliError(7022, Visible.OneLine(path));

    /// <summary>SHA-1 or SHA-256, in hexadecimal.</summary>
    [GeneratedRegex("^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})\\z")]
    public static partial Regex Hash();
}
