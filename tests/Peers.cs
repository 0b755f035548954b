using System.Diagnostics;

namespace Dayu.Tests;

/// <summary>
/// Other implementations, built before by <c>peers/run.sh</c> of the shared folder under DAYU_PEERS (else ~/.cache/dayu/peers). A test
/// that needs one is skipped where it is absent; nothing is fetched.
/// </summary>
static class Peers
{
    static readonly TimeSpan most = TimeSpan.FromMinutes(5);

    static string Built => Environment.GetEnvironmentVariable("DAYU_PEERS") is { Length: > 0 } named ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "dayu", "peers");

    /// <summary>What llama.cpp prints.</summary>
    /// <param name="args">As at the head of peers/llama/peer.py.</param>
    public static string Llama(params string[] args)
    {
        var script = Fixtures.SharedOrSkip("peers", "run.sh");
        Need(Path.Combine(Built, "llama", "node_modules"), "run.sh llama");
        return Run("bash", "", [script, "llama", .. args]);
    }

    /// <summary>What a script prints that may use the packages of peers/tokenizers/js.</summary>
    /// <param name="script">For node.</param>
    /// <param name="args">Its arguments.</param>
    public static string Tokenizers(string script, params string[] args)
    {
        var folder = Path.Combine(Built, "tokenizers", "js");
        Need(Path.Combine(folder, "node_modules"), "run.sh tokenizers-train");
        return Run("node", folder, ["-e", script, .. args]);
    }

    static void Need(string path, string how)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(path)) Assert.Skip($"the peer is not built: {path} is missing (peers/{how})");
    }

    static string Run(string program, string folder, string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(most))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {most}");
        }
        Assert.True(process.ExitCode == 0, errors.Result);
        return said.Result;
    }
}
