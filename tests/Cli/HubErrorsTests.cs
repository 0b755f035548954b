using Dayu.Cli;
using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>What the libraries throw has its number, and every value that its texts name.</summary>
public sealed class HubErrorsTests
{
    static readonly ModelFile[] choices = [new("a.gguf", 1_500_000), new("b.gguf", null)];

    /// <summary>Every kind there is.</summary>
    static readonly (int Number, HubException Error, string Says)[] known =
    [
        (1010, new ModelLockedException("m", new IOException()), "'m'"),
        (1011, new DiskSpaceException(5_000_000, 1000, "/models"), "5.0 MB are needed, 1.0 kB are free in /models"),
        (1012, Refusal(HubRefusal.TermsNotAccepted), "HF_TOKEN"),
        (1013, Refusal(HubRefusal.TokenRejected), "HF_TOKEN"),
        (1014, Refusal(HubRefusal.Other), "hub.example answers: 418 teapot"),
        (1015, new ModelNameException("a", "a/b"), "--as"),
        (2005, new ModelExistsException("m", null), "--yes"),
        (2014, new PullSourceException("qwen9"), "qwen2.5-0.5b, qwen2.5-1.5b, qwen3-0.6b"),
        (2031, new ModelNameException("a b"), "--as"),
        (2032, new FileSelectionException("o/n", "Q4", choices, isAmbiguous: true), "    a.gguf  1.5 MB\n    b.gguf\n"),
        (2036, new PullSourceException("a b"), "'a b'"),
        (3010, Refusal(HubRefusal.NoRepository), "o/n"),
        (3011, new FileSelectionException("o/n", "Q4", choices, isAmbiguous: false), "    a.gguf  1.5 MB\n    b.gguf\n"),
        (3012, FileSelectionException.None("o/n"), "--file"),
        (3013, Refusal(HubRefusal.NoRevision), "'v1'"),
        (3014, Refusal(HubRefusal.NoFile), "o/n"),
        (7020, new DamagedFileException("f", "12ab", "34cd", isLength: false), "12ab, that of the hub 34cd"),
        (7021, new DamagedFileException("f", "12", "34", isLength: true), "12 bytes where 34"),
        (7022, new UnsafePathException("../\nf"), "'../␊f'"),
        (7023, new HubAnswerException("hub.example", "> 5 B"), "hub.example does not answer"),
    ];

    static HubRefusalException Refusal(HubRefusal why) => new(why, "o/n", "v1", "hub.example", "418 teapot");

    [Fact]
    public void EveryKindHasItsNumber()
    {
        foreach (var (number, error, says) in known)
        {
            var told = Told(error);
            Assert.StartsWith($"error DAYU-{number}: ", told, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\{\d\}", told);
            Assert.Contains(says, told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AModelWithoutATokenizerNeedsAnOption()
    {
        var ran = Caller.Do("run", Fixtures.GoldenOrSkip("llama"), "hi");
        Assert.Equal(3, ran.Code);
        Assert.Contains("DAYU-3003", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--tokenizer", ran.Error, StringComparison.Ordinal);
    }

    static string Told(Exception e)
    {
        using var error = new StringWriter { NewLine = "\n" };
        using var terminal = new Terminal { In = new(Stream.Null, isTty: false), Out = TextWriter.Null, Error = error };
        var code = CliErrors.Of(e, terminal).Tell(e, terminal, Strings.Of("en"), color: false, detailed: false);
        var told = error.ToString();
        Assert.StartsWith($"error DAYU-{code}", told, StringComparison.Ordinal);
        return told;
    }
}
