using System.Diagnostics;
using System.Runtime.InteropServices;
using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>
/// What is written runs: the commands of the READMEs are run and print what they should, C# of every page is code of
/// this repository.
/// </summary>
public sealed class ReadmeTests
{
    const string ModelVariable = "DAYU_README_MODEL", EncoderVariable = "DAYU_README_ENCODER";
    const string Passages = "the cat sat on the mat , and when it had slept long enough it got up from the mat\n"
        + "he knocked at the door , and she opened the door\n";

    static IEnumerable<string> AllCommands => Pages.Commands("README.md").Concat(Pages.Commands("docs/commands.md")).Distinct();

    /// <summary>
    /// The commands of README and of the page of commands, each once. They call the model $MODEL; DAYU_README_MODEL, or the chat
    /// model among the shared ones, is put in. So with $ENCODER.
    /// </summary>
    public static TheoryData<string> Commands => [.. AllCommands];

    [Theory, MemberData(nameof(Commands))]
    public async Task CommandPrintsWhatItShould(string command)
    {
        var model = Named(command, "$MODEL", ModelVariable, "smollm2-135m-instruct.Q4_1.gguf");
        var encoder = Named(command, "$ENCODER", EncoderVariable, "minilm");
        using var hub = new TestHub();
        if (Tag(command) is { } tag) hub.Files[$"model-{tag}.gguf"] = File.ReadAllBytes(TestModels.Gguf);
        var folder = Directory.CreateTempSubdirectory("dayu-readme-");
        try
        {
            File.Copy(House.At("README.md"), Path.Combine(folder.FullName, "README.md"));
            if (!command.Contains(" import ", StringComparison.Ordinal)) Store(folder.FullName, "mine");
            File.WriteAllText(Path.Combine(folder.FullName, "lambada.txt"), Passages);
            if (command.Contains(" chat ", StringComparison.Ordinal))            // another answer each time would be no test
                File.WriteAllText(Path.Combine(folder.FullName, "dayu.json"), """{ "temperature": 0, "max_tokens": 48 }""");
            if (command.Contains("runs ", StringComparison.Ordinal) || command.Contains(" first@", StringComparison.Ordinal))
                await Run(folder.FullName, hub.Url, Pages.Arguments(Training(command), "", ""), TestContext.Current.CancellationToken);
            var arguments = Pages.Arguments(command, model, encoder);
            var (exit, output, error) = Served.IsMeant(command) ? await Served.Run(folder.FullName, arguments)
                : await Run(folder.FullName, hub.Url, arguments, TestContext.Current.CancellationToken);
            Assert.True(exit == 0, $"{command}: exit code {exit}{Environment.NewLine}{output}{error}");
            ReadmeOutputs.Check(command, output, isShared: !IsSet(ModelVariable) && !IsSet(EncoderVariable));
            foreach (var (i, argument) in arguments.Index())
                if (argument is "-o" or "--out") Assert.NotEqual(0, Length(Path.Combine(folder.FullName, arguments[i + 1])));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static long Length(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(Length) : new FileInfo(path).Length;

    [Theory, MemberData(nameof(Commands))]
    public void NonsenseIsNotWhatItShouldPrint(string command) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ReadmeOutputs.Check(command, "nonsense\n", isShared: true));

    [Fact]
    public void EveryOutputIsOfACommand() => House.None("README has no command that begins so",
        ReadmeOutputs.Commands.Where(c => !AllCommands.Any(l => l.StartsWith("./dayu " + c, StringComparison.Ordinal))));

    [Fact]
    public void ChinesePagesHaveTheSameCommands()
    {
        Assert.Equal(Pages.Commands("README.md"), Pages.Commands("README.zh-CN.md"));
        Assert.Equal(Pages.Commands("docs/commands.md"), Pages.Commands("docs/commands.zh-CN.md"));
    }

    [Fact]
    public void ChineseReadmeHasTheSameCode() =>
        Assert.Equal(Pages.Blocks("README.md", "csharp"), Pages.Blocks("README.zh-CN.md", "csharp"));

    [Fact]
    public void LinksLeadSomewhere() => House.None("a link to what is not there",
        from page in Pages.All
        from link in Pages.Links(page)
        where !Path.Exists(Path.Combine(Path.GetDirectoryName(House.At(page))!, link))
        select $"{page}: {link}");

    public static TheoryData<string> PagesWithCode => [.. Pages.All.Where(p => Pages.Blocks(p, "csharp").Any())];

    /// <summary>
    /// A block of C# stands line for line in one file; an empty line, or one of <c>…</c>, may leave some out.
    /// </summary>
    [Theory, MemberData(nameof(PagesWithCode))]
    public void CodeIsCodeOfThisRepository(string page)
    {
        string[][] files = [.. House.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => Trimmed(House.Lines(f)))];
        var invented = Pages.Blocks(page, "csharp").Where(b => !files.Any(f => Holds(f, b)));
        var shown = invented.Select(b => string.Join(Environment.NewLine + "  ", b));
        House.None($"{page} shows code that is nowhere in the repository", shown);
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

    /// <summary>What makes the runs that a command is about.</summary>
    static string Training(string command) => AllCommands.First(c => c.StartsWith("./dayu train ", StringComparison.Ordinal)
        && c.Contains("--sweep", StringComparison.Ordinal) == command.Contains(" try-", StringComparison.Ordinal));

    /// <summary>The word by which a pull chooses among the files of its repository; null: the command is no such pull.</summary>
    static string? Tag(string command) => command.Split(' ') is [_, "pull", var source, ..] ? PullSource.Parse(source).Tag : null;

    static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };

    static string Named(string command, string place, string variable, string shared)
    {
        if (!command.Contains(place, StringComparison.Ordinal)) return "";
        return IsSet(variable) ? Path.GetFullPath(Environment.GetEnvironmentVariable(variable)!) : Fixtures.SharedOrSkip("models", shared);
    }

    /// <summary>A model in the store, as an earlier command would have left it.</summary>
    static void Store(string folder, string name)
    {
        Directory.CreateDirectory(Path.Combine(folder, "models"));
        File.Copy(TestModels.Gguf, Path.Combine(folder, "models", name + ".gguf"));
    }

    /// <summary>
    /// The program as it was built beside the tests; what it reads is one question and the end of a conversation.
    /// </summary>
    static async Task<(int Exit, string Output, string Error)> Run(string folder, string hub, string[] arguments, CancellationToken cancel)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name);
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "dayu.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DAYU_DATA_DIR"] = folder,
                ["DAYU_LANG"] = "en",
                ["HF_ENDPOINT"] = hub,
                ["XDG_CONFIG_HOME"] = folder,
                ["APPDATA"] = folder,
            },
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
