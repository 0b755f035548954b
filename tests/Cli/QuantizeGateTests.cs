using System.Runtime.InteropServices;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>What does not pass, is stopped or cannot be leaves nothing behind, and says what to do.</summary>
public sealed class QuantizeGateTests
{
    [Fact]
    public void WhatIsTooFarFromTheSourceIsNotWritten()
    {
        using var model = new QuantizeModel();
        File.WriteAllText(model["out.gguf"], "mine");
        string[] check = ["--data", model["text.txt"], "--limit", "20", "--no-speed", "--verify"];
        string[] line = ["quantize", model.Path, "--to", "q2_k", "-o", model["out.gguf"], "-y", .. check, "--json"];
        var ran = Caller.Do([.. line, "--max-kl", "0.0001"]);
        Assert.Equal(5, ran.Code);
        ran.Warns("DAYU-5750");
        ran.Warns("--max-kl");
        Assert.Equal(("mine", ""), (File.ReadAllText(model["out.gguf"]), ran.Out));
        Assert.Equal(["out.gguf", "text.txt"], FilesBeside(model).Order(StringComparer.Ordinal));
        var passed = Caller.Do([.. line, "--max-kl", "100"]);
        Assert.True(passed.Code == 0, passed.Error);
        Assert.Equal((20, 100.0), ((int)passed.Json["quality"]!["tokens"]!, (double)passed.Json["quality"]!["max_kl"]!));
        Assert.InRange((double)passed.Json["quality"]!["mean_kl"]!, 0.0002, 100);
        Assert.NotEqual("mine", File.ReadAllText(model["out.gguf"]));
    }

    static IEnumerable<string> FilesBeside(QuantizeModel model) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(model.Path)!).Select(f => Path.GetFileName(f));

    [Fact]
    public void BothModelsAreTimed()
    {
        using var model = new QuantizeModel();
        var ran = Caller.Do("quantize", model.Path, "--to", "q8_0", "-o", model["out.gguf"], "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.True((double)ran.Json["tok_s_before"]! > 0 && (double)ran.Json["tok_s_after"]! > 0);
        Assert.InRange((double)ran.Json["bits_per_weight_after"]!, 8.5, 9);
        Assert.Null(ran.Json["quality"]);
        var told = Caller.Do("quantize", model.Path, "--to", "q8_0", "-o", model["b.gguf"], "--lang", "en").Out;
        Assert.Matches(@"bits a weight[\s\S]*q8_0[\s\S]*tokens a second", told);
    }

    [Theory]
    [InlineData("q4km", "'q4_k_m'"), InlineData("Q5_K_N", "'q5_k_m'"), InlineData("q4-0", "'q4_0'"),
     InlineData("iq1_s", "iq4_nl"), InlineData("nonsense", "q6_k")]
    public void AMistypedFormatIsGuessed(string to, string says)
    {
        var ran = Caller.Do("quantize", "m.gguf", "--to", to, "-o", "x.gguf");
        Assert.Equal(2, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string> Wrong() =>
    [
        "--verify", "--max-kl 0.1", "--limit 5", "--verify --data nothing.txt", "--max-kl -1", "--limit 0 --data text.txt",
        "--threads 0",
    ];

    [Theory, MemberData(nameof(Wrong))]
    public void NothingIsWrittenOnAWrongCommandLine(string options)
    {
        using var model = new QuantizeModel();
        var caller = new Caller { Folder = Path.GetDirectoryName(model.Path)! };
        var ran = caller.Run(["quantize", model.Path, "--to", "q8_0", "-o", "out.gguf", "--no-speed", .. options.Split(' ')]);
        Assert.True(ran.Code == (options.Contains("nothing", StringComparison.Ordinal) ? 3 : 2), ran.Error);
        Assert.False(Path.Exists(model["out.gguf"]));
    }

    [Fact]
    public void TargetsThatCannotBeAreToldBeforeTheWork()
    {
        using var model = new QuantizeModel();
        Directory.CreateDirectory(model["sub"]);
        Quantize(model.Path, model["sub"], "-y").Warns("DAYU-2080: --output: ");
        Assert.Equal(3, Quantize(model.Path, model["nosuch/out.gguf"]).Code);
        Quantize(model.Path, Path.Combine(model.Path, "model.safetensors"), "-y").Warns("DAYU-2012");
        Assert.Equal(0, Quantize(model.Path, model["a.gguf"], "--no-speed").Code);
        File.CreateSymbolicLink(model["link.gguf"], model["a.gguf"]);
        Quantize(model["a.gguf"], model["link.gguf"], "-y").Warns("DAYU-2012");
        Quantize(model["link.gguf"], model["a.gguf"], "-y").Warns("DAYU-2012");

        static Ran Quantize(string source, string target, params string[] options) =>
            Caller.Do(["quantize", source, "--to", "q8_0", "-o", target, .. options]);
    }

    /// <summary>Stopped while it compares, before the file has its name.</summary>
    [Theory]
    [InlineData(PosixSignal.SIGINT, 130), InlineData(PosixSignal.SIGTERM, 143)]
    public void AStoppedRunLeavesNothing(PosixSignal signal, int code)
    {
        using var model = new QuantizeModel();
        var interrupts = new Interrupts();
        interrupts.Signal(signal);
        var ran = new Caller { Interrupts = interrupts }.Run("quantize", model.Path, "--to", "q4_k_m", "-o", model["out.gguf"]);
        Assert.Equal((code, ""), (ran.Code, ran.Out));
        Assert.Equal(["text.txt"], FilesBeside(model));
    }

    /// <summary>What a killed run left is no obstacle, and is not taken for a model.</summary>
    [Fact]
    public void WhatAKilledRunLeftIsReplaced()
    {
        using var model = new QuantizeModel();
        File.WriteAllText(model["out.gguf.part"], "half");
        Assert.Equal(0, Caller.Do("quantize", model.Path, "--to", "q8_0", "-o", model["out.gguf"], "--no-speed").Code);
        Assert.False(File.Exists(model["out.gguf.part"]));
    }

    /// <summary>The bytes do not depend on the number of threads.</summary>
    [Fact]
    public void ThreadsDoNotChangeTheFile()
    {
        using var model = new QuantizeModel();
        string[] line = ["quantize", model.Path, "--to", "q4_k_m", "--no-speed"];
        foreach (var threads in (string[])["1", "3"]) Assert.Equal(0, Caller.Do([.. line, "-o", model[threads], "-t", threads]).Code);
        Assert.True(File.ReadAllBytes(model["1"]).AsSpan().SequenceEqual(File.ReadAllBytes(model["3"])));
    }

    [Fact]
    public void WhatWasRoundedBeforeIsRemarked()
    {
        using var folder = new TempFolder();
        string[] line = ["quantize", TestModels.Gguf, "--to", "q4_k_m", "-o", folder["out.gguf"], "--no-speed"];
        Caller.Do(line).Warns("quantised already");
        Assert.DoesNotContain("quantised already", Caller.Do([.. line, "-q", "-y"]).Error, StringComparison.Ordinal);
    }
}
