namespace Dayu.Tests;

/// <summary>Mistakes on the command line are told in the language that is chosen; the parser's own sentences are English.</summary>
public sealed class CommandLineErrorTests
{
    public static TheoryData<string, int, string> Mistakes() => new()
    {
        { "run m --frob", 2003, "'--frob'" }, { "ls --color", 2016, "--color" }, { "ls --color --quiet", 2016, "--color" },
        { "ls extra", 2003, "'extra'" }, { "eval perplexity x", 2060, "--data" }, { "eval kl x --data y", 2060, "--against" },
        { "run x --seed 1 --seed 2", 2017, "1 2" }, { "ls --color blue", 2018, "auto" }, { "run x --precision vague", 2018, "exact" },
        { "tokenizer", 2061, "encode, decode, compare" }, { "cp a", 2019, "<name>" }, { "rm", 2019, "<models>" },
        { "completion tcsh", 2018, "bash" }, { "config set x", 2019, "<value>" }, { "frobnicate", 2003, "See: dayu --help" },
        { "run x --top-k", 2016, "--top-k" }, { "run x --top-k many", 2013, "many" }, { "import x --move --link", 2064, "--link" },
        { "ls --json --format csv", 2064, "--format csv" }, { "bench kernels frob", 2018, "gemm" }, { "help nothing", 2018, "exit-codes" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void AreTold(string line, int number, string says)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["x"], "");
        var caller = new Caller { Folder = folder.Path };
        var (english, chinese) = (caller.Run(line.Split(' ')), caller.Run([.. line.Split(' '), "--lang=zh"]));
        Assert.Equal((2, 2), (english.Code, chinese.Code));
        english.Warns($"DAYU-{number}: ");
        english.Warns(says);
        chinese.Warns($"错误 DAYU-{number}: ");
        Assert.DoesNotMatch("(?i)option|argument|required|command|must be", chinese.Error);
    }

    [Fact]
    public void ModelAndPromptThatChangedPlaces()
    {
        using var folder = new TempFolder();
        File.Copy(TestModels.Gguf, folder["m.gguf"]);
        var ran = new Caller { Folder = folder.Path }.Run("run", "What's that?", "m.gguf");
        Assert.Equal(2, ran.Code);
        ran.Warns("DAYU-2063");
        ran.Warns("dayu run m.gguf 'What'\\''s that?'");
    }

    [Fact]
    public void WithoutHomeAnotherFolderIsSaid()
    {
        using var folder = new TempFolder();
        var (error, output) = (new StringWriter(), new StringWriter());
        var terminal = new Cli.Terminal
        {
            In = new(Stream.Null, isTty: false), Out = output, Error = error, Folder = folder.Path, Home = folder["h"],
        };
        Assert.Equal(0, Cli.App.Run(["config", "path", "--lang", "en"], terminal, Cli.Program.Contents));
        Assert.Contains($"HOME is not set; {folder["h"]} is used", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(folder["h/.config/dayu/config.json"], output.ToString(), StringComparison.Ordinal);
    }
}
