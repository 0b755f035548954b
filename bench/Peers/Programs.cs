using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dayu.Bench;

/// <summary>Other programs, and Dayu as people start it.</summary>
internal sealed class Programs
{
    readonly string repository = Root(), shared;

    public Programs() =>
        shared = Environment.GetEnvironmentVariable("DAYU_SHARED") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(repository, "..", "shared");

    /// <summary>A page of this repository.</summary>
    public string Page(string name) => Path.Combine(repository, name);

    /// <summary>A file of the shared folder; null where it is not.</summary>
    public string? Shared(params string[] parts) => Path.Combine([shared, .. parts]) is var path && Path.Exists(path) ? path : null;

    /// <summary>What Dayu prints: <c>./dayu</c>, which builds itself first where it must.</summary>
    public List<JsonObject>? Dayu(params string[] arguments) =>
        Objects(Path.Combine(repository, OperatingSystem.IsWindows() ? "dayu.cmd" : "dayu"), arguments);

    /// <summary>What a peer prints; null, and a line that says why, where it is absent or fails.</summary>
    public List<JsonObject>? Peer(params string[] arguments) => PeerLines(arguments) is { } lines ? Parsed(lines) : null;

    /// <summary>The same, line by line.</summary>
    public List<string>? PeerLines(params string[] arguments)
    {
        if (Shared("peers", "run.sh") is { } script) return Lines(script, arguments);
        Console.Error.WriteLine($"{arguments[0]} is left out: there is no peers/run.sh in {shared}; set DAYU_SHARED to the shared folder");
        return null;
    }

    static List<JsonObject>? Objects(string program, string[] arguments) => Lines(program, arguments) is { } lines ? Parsed(lines) : null;

    static List<JsonObject> Parsed(List<string> lines) =>
        [.. lines.Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!.AsObject())];

    static List<string>? Lines(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            List<string> lines = [];
            while (process.StandardOutput.ReadLine() is { } line) lines.Add(line);
            process.WaitForExit();
            if (process.ExitCode == 0) return lines;
            Console.Error.WriteLine($"left out: {program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
        catch (System.ComponentModel.Win32Exception e) { Console.Error.WriteLine($"left out: {program}: {e.Message}"); }
        return null;
    }

    static string Root()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "Dayu.slnx"))) return d.FullName;
        throw new DirectoryNotFoundException($"no Dayu.slnx in any folder above {AppContext.BaseDirectory}");
    }
}
