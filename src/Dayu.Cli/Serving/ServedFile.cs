using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>
/// A server that runs, as it lies in the data folder while it does: where it is, and the key by which its owner controls it. Only its owner
/// may read that.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Address">Where this machine reaches it.</param>
/// <param name="Process">The number of its process.</param>
/// <param name="Started">When.</param>
/// <param name="Key">Of control.</param>
sealed record ServedFile(string Path, Uri Address, int Process, DateTimeOffset Started, string Key)
{
    static string FolderOf(Settings settings) => System.IO.Path.Combine(settings.DataFolder, "serve");

    /// <summary>Writes that a server runs.</summary>
    public static ServedFile Write(CommandContext call, Uri listens, string key)
    {
        Directory.CreateDirectory(FolderOf(call.Settings));
        var path = System.IO.Path.Combine(FolderOf(call.Settings), $"{listens.Port}.json");
        var file = new ServedFile(path, Reachable(listens), Environment.ProcessId, call.Terminal.Clock.GetUtcNow(), key);
        var json = new JsonObject
        {
            ["address"] = file.Address.ToString(), ["process"] = file.Process, ["started"] = file.Started.ToString("O"), ["key"] = key,
        };
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(path, options);
        stream.Write(Encoding.UTF8.GetBytes(json.ToJsonString()));
        return file;
    }

    /// <summary>Servers that run, or did not come to an end of their own; by their ports.</summary>
    public static IReadOnlyList<ServedFile> All(CommandContext call) => !Directory.Exists(FolderOf(call.Settings)) ? []
        : [.. Directory.EnumerateFiles(FolderOf(call.Settings), "*.json").Select(Read).OfType<ServedFile>().OrderBy(s => s.Address.Port)];

    static ServedFile? Read(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            var started = DateTimeOffset.Parse((string)json["started"]!);
            return new(path, new((string)json["address"]!), (int)json["process"]!, started, (string)json["key"]!);
        }
        catch (Exception e) when (e is JsonException or IOException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;                                             // it is being written, or ended meanwhile
        }
    }

    /// <summary>It runs no more.</summary>
    public void Remove() => File.Delete(Path);

    /// <summary>One that listens everywhere is reached where this machine is.</summary>
    static Uri Reachable(Uri listens) => IPAddress.TryParse(listens.Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(listens) { Host = address.Equals(IPAddress.Any) ? "127.0.0.1" : "[::1]" }.Uri : listens;
}
