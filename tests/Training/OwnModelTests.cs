using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dayu.Tests;

/// <summary>samples/own-model, as a stranger would run it: a family outside the libraries learns, is saved and is opened again.</summary>
public sealed class OwnModelTests : IDisposable
{
    readonly TempFolder folder = new();

    [Fact]
    public async Task AFamilyOfOnesOwnIsTrained()
    {
        File.WriteAllText(folder["text.txt"], string.Concat(Enumerable.Range(0, 900).Select(i => $"{i % 10} and {(i + 3) % 10}; ")));
        var program = Directory.EnumerateFiles(Path.Combine(Fixtures.Repo, "artifacts", "bin", "OwnModel"), "own-model.dll",
            SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc).First();
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name);
        using var process = Process.Start(new ProcessStartInfo(dotnet, [program, folder["text.txt"], folder["model"], "60"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (code, output, error) = await DayuProcess.End(process);
        Assert.True(code == 0, error);
        var last = output.Split('\n')[0].Split(' ');
        Assert.Equal("60", last[1]);
        Assert.InRange(double.Parse(last[^1]), 0.01, 1.2);            // ln 14 = 2.6 before; half of what follows is certain
        Assert.Contains(" and ", output.Split('\n')[1], StringComparison.Ordinal);
        Assert.True(File.Exists(folder["model/model.safetensors"]));
    }

    public void Dispose() => folder.Dispose();
}
