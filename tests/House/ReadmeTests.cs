using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dayu.Tests;

/// <summary>What is written runs: the commands of the READMEs are run, C# of every page is code of this repository.</summary>
public sealed class ReadmeTests
{
    /// <summary>README's commands, each once. It calls the model $MODEL; DAYU_README_MODEL, or the chat model among the shared ones, is put in. So with $ENCODER.</summary>
    public static TheoryData<string> Commands => [.. Pages.Commands("README.md").Distinct()];

    [Theory, MemberData(nameof(Commands))]
    public async Task CommandRuns(string command)
    {
        var (model, encoder) = (Named(command, "$MODEL", "DAYU_README_MODEL", "smollm2-135m-instruct.Q4_1.gguf"), Named(command, "$ENCODER", "DAYU_README_ENCODER", "minilm"));
        using var hub = new TestHub();
        if (command.Split(':') is [_, var tag]) hub.Files[$"model-{tag.Split(' ')[0]}.gguf"] = File.ReadAllBytes(TestModels.Gguf);
        var folder = Directory.CreateTempSubdirectory("dayu-readme-");
        try
        {
            File.Copy(House.At("README.md"), Path.Combine(folder.FullName, "README.md"));
            if (command.Contains(" mine", StringComparison.Ordinal) && !command.Contains(" import ", StringComparison.Ordinal)) Store(folder.FullName, "mine");
            File.WriteAllText(Path.Combine(folder.FullName, "lambada.txt"), "the cat sat on the mat , and when it had slept long enough it got up from the mat\nhe knocked at the door , and she opened the door\n");
            var (exit, output, error) = await Run(folder.FullName, hub.Url, Pages.Arguments(command, model, encoder), TestContext.Current.CancellationToken);
            Assert.True(exit == 0 && output.Length > 0, $"{command}: exit code {exit}, {output.Length} characters of output{Environment.NewLine}{output}{error}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ChineseReadmeHasTheSameCommands() => Assert.Equal(Pages.Commands("README.md"), Pages.Commands("README.zh-CN.md"));

    [Fact]
    public void ChineseReadmeHasTheSameCode() => Assert.Equal(Pages.Blocks("README.md", "csharp"), Pages.Blocks("README.zh-CN.md", "csharp"));

    [Fact]
    public void LinksLeadSomewhere() => House.None("a link to what is not there", Pages.All.SelectMany(p => Pages.Links(p)
        .Where(l => !Path.Exists(Path.Combine(Path.GetDirectoryName(House.At(p))!, l))).Select(l => $"{p}: {l}")));

    public static TheoryData<string> PagesWithCode => [.. Pages.All.Where(p => Pages.Blocks(p, "csharp").Any())];

    /// <summary>A block of C# stands line for line in one file; an empty line, or one of <c>…</c>, may leave some out.</summary>
    [Theory, MemberData(nameof(PagesWithCode))]
    public void CodeIsCodeOfThisRepository(string page)
    {
        string[][] files = [.. House.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => Trimmed(House.Lines(f)))];
        House.None($"{page} shows code that is nowhere in the repository", Pages.Blocks(page, "csharp").Where(b => !files.Any(f => Holds(f, b))).Select(b => string.Join(Environment.NewLine + "  ", b)));
    }

    static string[] Trimmed(IEnumerable<string> lines) => [.. lines.Select(l => l.Trim()).Where(l => l.Length > 0)];

    static bool Holds(string[] file, string[] block)
    {
        var at = 0;
        foreach (var part in Parts(block))
        {
            while (at + part.Length <= file.Length && !file.AsSpan(at, part.Length).SequenceEqual(part)) at++;
            if (at + part.Length > file.Length) return false;
            at += part.Length;
        }
        return true;
    }

    static List<string[]> Parts(string[] block)
    {
        var parts = new List<List<string>> { new() };
        foreach (var line in block.Select(l => l.Trim()))
            if (line is "" or "…") parts.Add([]);
            else parts[^1].Add(line);
        return [.. parts.Where(p => p.Count > 0).Select(p => p.ToArray())];
    }

    static string Named(string command, string place, string variable, string shared) => !command.Contains(place, StringComparison.Ordinal) ? ""
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named ? Path.GetFullPath(named) : Fixtures.SharedOrSkip("models", shared);

    /// <summary>A model in the store, as an earlier command would have left it.</summary>
    static void Store(string folder, string name)
    {
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        File.Copy(TestModels.Gguf, Path.Combine(folder, "models", name + ".gguf"));
    }

    /// <summary>The program as it was built beside the tests; what it reads from the keyboard is one question and the end of a conversation.</summary>
    static async Task<(int Exit, string Output, string Error)> Run(string folder, string hub, string[] arguments, CancellationToken cancel)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "dayu.dll"), .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["DAYU_DATA_DIR"] = folder, ["DAYU_LANG"] = "en", ["HF_ENDPOINT"] = hub, ["XDG_CONFIG_HOME"] = folder, ["APPDATA"] = folder },
        };
        using var program = Process.Start(start)!;
        var (output, error) = (program.StandardOutput.ReadToEndAsync(cancel), program.StandardError.ReadToEndAsync(cancel));
        try
        {
            if (arguments is ["chat", ..]) await program.StandardInput.WriteAsync("Hello\n/exit\n");
            program.StandardInput.Close();
        }
        catch (IOException) { }                                       // it ended before it read
        await program.WaitForExitAsync(cancel);
        return (program.ExitCode, await output, await error);
    }
}
