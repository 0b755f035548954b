using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>The scripts of tests/Server/clients, each a client from npm that does one task and prints what it heard.</summary>
static class Npm
{
    /// <summary>The key they say.</summary>
    public const string Key = "right";

    static readonly string folder = House.At("tests/Server/clients");
    static readonly TimeSpan most = TimeSpan.FromMinutes(5);

    /// <summary>What a script makes of the server; skips the test where node or the packages are not there.</summary>
    public static async Task<JsonNode> Run(TestServer server, string script, string task)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "openai")))
            Assert.Skip("clients from npm are not there: 'npm ci' in tests/Server/clients brings them");
        using var node = Start(script, server.V1.ToString(), Key, task);
        using var late = new CancellationTokenSource(most);
        var (said, errors) = (node.StandardOutput.ReadToEndAsync(late.Token), node.StandardError.ReadToEndAsync(late.Token));
        try
        {
            await node.WaitForExitAsync(late.Token);
        }
        finally
        {
            if (!node.HasExited) node.Kill(entireProcessTree: true);
        }
        Assert.True(node.ExitCode == 0, await errors);
        return JsonNode.Parse(await said)!;
    }

    static Process Start(params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("no node on this machine");
            throw;
        }
    }
}
