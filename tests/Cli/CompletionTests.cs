using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dayu.Tests;

/// <summary>The scripts of <c>dayu completion</c>, in the shells that are here.</summary>
public sealed class CompletionTests
{
    public static TheoryData<string, string, string> Lines() => new()
    {
        { "dayu ", "run pull show completion", "complete tokenize" },
        { "dayu sh", "show", "run" },
        { "dayu tokenizer ", "encode decode", "run" },
        { "dayu eval perplexity --pre", "--precision", "--format" },
        { "dayu run --pre", "--precision --presence-penalty", "--plain" },
        { "dayu ls --form", "--format", "--fields" },
        { "dayu ls --format js", "json jsonl", "csv" },
        { "dayu run --precision ", "fast exact", "run" },
        { "dayu quantize x.gguf --to q8", "q8_0", "q4_0" },
        { "dayu show ow", "owner/name:tag", "small" },
        { "dayu run -m sm", "small", "owner/name:tag" },
        { "dayu show a-f", "a-file.gguf", "small" },
        { "dayu import a-f", "a-file.gguf", "small" },
        { "dayu config set con", "context", "color" },
        { "dayu completion z", "zsh", "bash" },
        { "dayu pull qwen", "qwen2.5-0.5b qwen3-0.6b", "gpt2" },
        { "dayu bench ", "kernels small a-file.gguf", "run" },
        { "dayu bench sm", "small", "kernels" },
        { "dayu bench kernels q4_", "q4_0 q4_k", "q8_0" },
        { "dayu bench --prec", "--precision", "--path" },
    };

    static void Check(string shell, string line, string has, string lacks, Func<string, string, string> script)
    {
        if (OperatingSystem.IsWindows() || !Exists(shell))
        {
            Assert.Skip($"{shell} is not on this machine");
            return;
        }
        using var folder = new TempFolder();
        var caller = new Caller { Environment = { ["DAYU_DATA_DIR"] = folder["data"] } };
        Assert.Equal(0, caller.Run("import", TestModels.Gguf, "--as", "small").Code);
        Assert.Equal(0, caller.Run("cp", "small", "owner/name:tag").Code);
        File.WriteAllText(folder["a-file.gguf"], "");
        File.WriteAllText(folder["words"], Caller.Do("completion", shell, "--lang", "en").Out);
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        File.WriteAllText(folder["dayu"], $"#!/bin/sh\nexec '{dotnet}' '{Path.Combine(AppContext.BaseDirectory, "dayu.dll")}' \"$@\"\n");
        File.SetUnixFileMode(folder["dayu"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(folder["ask"], script(folder["words"], line));
        var start = new ProcessStartInfo(shell, [folder["ask"]])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment =
            {
                ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
                ["DAYU_DATA_DIR"] = folder["data"],
                ["HOME"] = folder.Path,
            },
        };
        using var asked = Process.Start(start)!;
        asked.StandardInput.Close();
        var (output, error) = (asked.StandardOutput.ReadToEnd(), asked.StandardError.ReadToEnd());
        var words = output.Split('\n').Select(l => l.Split('\t')[0].Trim()).ToHashSet();
        var isRight = has.Split(' ').All(words.Contains) && !lacks.Split(' ').Any(words.Contains);
        Assert.True(isRight, $"{shell}: {line}{Environment.NewLine}{output}{error}");
    }

    static bool Exists(string shell) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, shell)));

    /// <summary>What bash would put in: behind a colon, only what comes behind it.</summary>
    [Theory, MemberData(nameof(Lines))]
    public void Bash(string line, string has, string lacks) => Check("bash", line, has, lacks, (words, typed) =>
        $"source {words}\nCOMP_LINE='{typed}' COMP_POINT={typed.Length}\n_dayu dayu\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n");

    [Fact]
    public void BashBehindAColon() => Check("bash", "dayu show owner/name:t", "tag", "owner/name:tag", (words, typed) =>
        $"source {words}\nCOMP_LINE='{typed}' COMP_POINT={typed.Length}\n_dayu dayu\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n");

    [Theory, MemberData(nameof(Lines))]
    public void Fish(string line, string has, string lacks) =>
        Check("fish", line, has, lacks, (words, typed) => $"source {words}\ncomplete -C '{typed}'\n");

    /// <summary>The functions that zsh hands words to are put in its place, since its own need a terminal.</summary>
    [Theory, MemberData(nameof(Lines))]
    public void Zsh(string line, string has, string lacks) => Check("zsh", line, has, lacks, (words, typed) => $$"""
        compdef() { }
        compadd() { shift; print -rl -- ${(M)argv:#$PREFIX*}; }
        compset() { PREFIX=${PREFIX#*=}; }
        _files() { print -rl -- $PREFIX*(N); }
        _describe() { [[ $1 == -o ]] && shift; local -a all=(${(P)2}); all=(${all%%:*}); print -rl -- ${(M)all:#$PREFIX*}; }
        source {{words}}
        line="{{typed}}"; words=(${(s: :)line}); [[ "{{typed}}" == *' ' ]] && words+=('')
        CURRENT=$#words PREFIX=$words[-1]
        _dayu
        """);

    [Theory]
    [InlineData("bash", "--pre"), InlineData("zsh", "_describe"), InlineData("fish", "complete -c dayu"),
     InlineData("pwsh", "Register-ArgumentCompleter"),
     InlineData("nushell", "export extern \"dayu tokenizer encode\"")]
    public void EveryCommandAndOptionIsInEveryScript(string shell, string has)
    {
        var script = Caller.Do("completion", shell);
        script.Says(has);
        foreach (var word in (string[])["perplexity", "precision", "show-origin", "hub.mirrors", "q8_0", "data-dir"]) script.Says(word);
        Assert.DoesNotMatch(@"\b(command|option)\.", script.Out);
    }

    [Fact]
    public void NoOtherShell() => Assert.Equal(2, Caller.Do("completion", "csh").Code);
}
