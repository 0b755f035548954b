using System.Runtime.InteropServices;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>
/// Bad input is told in a sentence, with the exit code of its kind; nothing of it reaches standard output.
/// </summary>
public sealed class ExitCodeTests
{
    static void Fails(int code, Ran ran, string says = "")
    {
        Assert.True(code == ran.Code, $"{ran.Code} instead of {code}: {ran.Error}");
        Assert.Equal("", ran.Out);
        Assert.StartsWith($"error DAYU-{code}", ran.Error, StringComparison.Ordinal);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("DAYU-1002", ran.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { "rnu", "'run'" }, { "show --formt json", "'--format'" }, { "ls --format pdf", "pdf" }, { "frobnicate", "frobnicate" },
        { "tokenizer", "" }, { "tokenizer encoed x", "'encode'" }, { "eval perplexity m.gguf", "--data" },
        { "quantize m.gguf --to q9_9 -o x", "q9_9" }, { "run m.gguf hi --top-k many", "many" },
        { "run --temprature 1 hi", "'--temperature'" }, { "eval kl m.gguf --data x.txt", "--against" }, { "chat --json", "json" },
        { "ls extra", "extra" }, { "ls --color blue", "blue" }, { "help nothing", "nothing" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void WrongCommandLines(string line, string says) => Fails(2, Caller.Do(line.Split(' ')), says);

    [Theory]
    [InlineData("--temperature -1"), InlineData("--top-p 2"), InlineData("--ctx 0"),
     InlineData("--ctx 9999999"), InlineData("--logit-bias 5"), InlineData("--logit-bias 5=x"),
     InlineData("--logit-bias 99999=1"), InlineData("--max-tokens 0"), InlineData("--threads -3"),
     InlineData("--threads 99999"), InlineData("--precision vague")]
    public void ValuesOutOfRange(string options) => Fails(2, Caller.Do(["run", TestModels.Stories, "hi", .. options.Split(' ')]));

    [Fact]
    public void NoText() => Fails(2, Caller.Do("run", TestModels.Stories));

    [Theory]
    [InlineData("run nosuch.gguf hi"), InlineData("run nosuch.gguf"), InlineData("run -m nosuch hi"),
     InlineData("show nosuch"), InlineData("chat nosuch"), InlineData("chat"), InlineData("run hello"),
     InlineData("tokenizer encode hi --tokenizer nosuch.json"),
     InlineData("quantize nosuch.gguf --to q8_0 -o x.gguf"),
     InlineData("eval perplexity x.gguf --data nosuch.txt")]
    public void NotFound(string line) => Fails(3, Caller.Do(line.Split(' ')));

    [Fact]
    public void AModelWithANameLikeIt()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["story.gguf"], "");
        Fails(3, new Caller { Folder = folder.Path }.Run("show", "stroy.gguf"), "'story.gguf'");
    }

    public static TheoryData<string> Bad() => ["empty", "text", "head", "half", "folder"];

    [Theory, MemberData(nameof(Bad))]
    public void DamagedFiles(string kind)
    {
        using var folder = new TempFolder();
        var (path, whole) = (folder[kind + ".gguf"], File.ReadAllBytes(TestModels.Gguf));
        if (kind == "folder") Directory.CreateDirectory(path);
        else File.WriteAllBytes(path, Content());
        foreach (var command in (string[])["show", "run", "chat"]) Fails(7, new Caller { Input = "hi\n" }.Run(command, path));
        Fails(7, Caller.Do("quantize", path, "--to", "q8_0", "-o", folder["out.gguf"]));
        Fails(7, Caller.Do("tokenizer", "encode", "hi", "-m", path));
        Assert.False(File.Exists(folder["out.gguf"]));

        byte[] Content() => kind switch
        {
            "empty" => [],
            "text" => "Once upon a time"u8.ToArray(),
            "head" => whole[..100],
            _ => whole[..(whole.Length / 2)],
        };
    }

    [Fact]
    public void NoPermission()
    {
        if (Environment.UserName == "root") Assert.Skip("nothing is forbidden to root");
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes");
            return;
        }
        using var folder = new TempFolder();
        File.Copy(TestModels.Gguf, folder["a.gguf"]);
        File.SetUnixFileMode(folder["a.gguf"], UnixFileMode.None);
        Fails(1, Caller.Do("show", folder["a.gguf"]));
    }

    [Fact]
    public void BelowTheGate()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["p.txt"], "Once upon a time there was a hippopotamus\n");
        var ran = Caller.Do("eval", "lambada", TestModels.Stories, "--data", folder["p.txt"], "--fail-under", "0.9");
        Assert.Equal(5, ran.Code);
        Assert.Contains("DAYU-5001", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ModelsOfTwoVocabulariesAreNotCompared()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["t.txt"], "Once upon a time");
        Fails(7, Caller.Do("eval", "kl", TestModels.Stories, "--against", TestModels.Chat, "--data", folder["t.txt"]), "vocabulary");
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT, 130), InlineData(PosixSignal.SIGTERM, 143)]
    public void ASignalStopsAfterTheCurrentToken(PosixSignal signal, int code)
    {
        var interrupts = new Interrupts();
        var caller = new Caller { Interrupts = interrupts, Heard = _ => interrupts.Signal(signal) };
        var ran = caller.Run("run", TestModels.Stories, "Once upon a time", "--temperature", "0");
        Assert.Equal(code, ran.Code);
        Assert.InRange(ran.Out.Trim().Length, 1, 20);
        Assert.False(interrupts.Signal(signal));                     // the second is not ours: the process ends
    }

    [Fact]
    public void VersionAndHelpSucceed()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", Caller.Do("--version").Out);
        Assert.Equal(Caller.Do().Out, Caller.Do("--help").Out);
        var codes = Caller.Do("help", "exit-codes", "--format", "jsonl").Lines.Select(l => (int)l["code"]!);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 130, 143], codes);
    }
}
