using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Cli;
using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>What <c>dayu bench</c> says, and what it will not do.</summary>
public sealed class BenchTests
{
    const string Keys = "model path precision test depth batch threads tok_s min max rounds load_s peak_mib private_mib"
        + " gb_s read_share gflop_s multiply_share peak_gb_s peak_gflop_s gb_token";
    const string KernelKeys = "kernel format shape path threads unit rate min max rounds share multiply_share peak";

    static readonly string[] small = ["-p", "8", "-n", "4", "-r", "2", "-t", "1"];

    static JsonArray Results(Ran ran)
    {
        Assert.True(ran.Code == 0, ran.Error);
        return ran.List;
    }

    [Fact]
    public void EveryModelPathAndPrecisionIsTimed()
    {
        string[] paths = [.. CpuPaths.Available().Select(p => p.ToString().ToLowerInvariant()).Take(2)];
        string[] compared = ["--path", string.Join(',', paths), "--precision", "fast,exact"];
        var results = Results(Caller.Do(["bench", TestModels.Stories, TestModels.Stories, .. small, .. compared, "--json"]));
        Assert.Equal(2 * paths.Length * 2 * 2, results.Count);
        foreach (var r in results)
        {
            Assert.Equal(Keys, Ran.KeysOf(r));
            Assert.Equal("stories260K.bin", (string)r!["model"]!);
            Assert.Equal((0, 1, 1, 2), ((int)r["depth"]!, (int)r["batch"]!, (int)r["threads"]!, (int)r["rounds"]!));
            Assert.InRange((double)r["tok_s"]!, (double)r["min"]!, (double)r["max"]!);
            Assert.InRange((double)r["peak_mib"]!, 1, 100_000);
            Assert.Equal((string)r["test"]! == "tg4", r["gb_s"] is not null);
        }
        string[] tests = ["fast pp8", "fast tg4", "exact pp8", "exact tg4"];
        Assert.Equal(
            paths.SelectMany(p => tests.Select(t => $"{p} {t}")),
            results.Take(results.Count / 2).Select(r => $"{r!["path"]} {r["precision"]} {r["test"]}"));
    }

    [Fact]
    public void OneTestMayBeLeftOut()
    {
        var result = Only("-p 0 -n 3 -d 5 -b 4 -r 1 -t 1 --cpu-time");
        Assert.Equal(("tg3", 5, 4), ((string)result["test"]!, (int)result["depth"]!, (int)result["batch"]!));
        Assert.Equal("pp3", (string)Only("-p 3 -n 0 -r 1")["test"]!);

        static JsonNode Only(string flags) =>
            Assert.Single(Results(Caller.Do(["bench", TestModels.Stories, .. flags.Split(' '), "--json"])))!;
    }

    [Fact]
    public void LinesForEachResult()
    {
        var ran = Caller.Do(["bench", TestModels.Stories, .. small, "--format", "jsonl"]);
        Assert.Equal(["pp8", "tg4"], ran.Lines.Select(l => (string)l["test"]!));
        Caller.Do(["bench", TestModels.Stories, .. small, "--format", "md"]).Says("| stories260K.bin | ");
    }

    [Fact]
    public void KernelsTellTheirShare()
    {
        var results = Results(Caller.Do("bench", "kernels", "q8_0", "-r", "1", "-t", "2", "--json"));
        string[] decoding = [.. ((int[])[1, 4, 8, 32]).Select(rows => $"decode {rows}x4096x4096 GB/s")];
        Assert.Equal(["prefill 512x4096x4096 GOP/s", .. decoding], results.Select(r => $"{r!["kernel"]} {r["shape"]} {r["unit"]}"));
        foreach (var r in results)
        {
            Assert.Equal(KernelKeys, Ran.KeysOf(r));
            Assert.InRange((double)r!["rate"]!, 0.001, 1e6);
        }
    }

    [Theory]
    [InlineData("-p -1", 2), InlineData("-n -1", 2), InlineData("-d -1", 2), InlineData("-b 0", 2),
     InlineData("-t 0", 2), InlineData("-r 0", 2), InlineData("-p 0 -n 0", 2), InlineData("-p many", 2),
     InlineData("--path mmx", 2), InlineData("--path ,", 2), InlineData("--precision vague", 2),
     InlineData("-t 2 --cpu-time", 2), InlineData("-d 99999", 2), InlineData("-d 2147483647 -p 2147483647", 2),
     InlineData("--dept 3", 2), InlineData("--format xml", 2)]
    public void WrongFlags(string flags, int code)
    {
        var ran = Caller.Do(["bench", TestModels.Stories, .. flags.Split(' ')]);
        Assert.Equal((code, ""), (ran.Code, ran.Out));
        Assert.StartsWith("error DAYU-2", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotThere()
    {
        Assert.Equal(3, Caller.Do("bench", "nosuch.gguf").Code);
        Assert.Equal(2, Caller.Do("bench", "kernels", "q9_9").Code);
        Caller.Do("bench", TestModels.Stories, "--path", "mmx").Warns(CpuPaths.Available()[0].ToString().ToLowerInvariant());
    }

    /// <summary>
    /// The clock is asked before every run, and while models load: at its five hundredth question somebody presses
    /// Ctrl-C, in the midst of the rounds.
    /// </summary>
    sealed class Impatient(Interrupts interrupts) : TimeProvider
    {
        int asked;

        public override long GetTimestamp()
        {
            if (++asked == 500) interrupts.Signal(PosixSignal.SIGINT);
            return base.GetTimestamp();
        }
    }

    [Fact]
    public void CtrlCPrintsWhatWasMeasured()
    {
        var interrupts = new Interrupts();
        var caller = new Caller { Interrupts = interrupts, Clock = new Impatient(interrupts) };
        var ran = caller.Run("bench", TestModels.Stories, "-p", "8", "-n", "4", "-r", "1000", "--json");
        Assert.Equal(130, ran.Code);
        Assert.InRange((int)ran.List[0]!["rounds"]!, 1, 500);
    }

    [Fact]
    public void CtrlCBeforeAnythingWasMeasuredPrintsNothing()
    {
        var interrupts = new Interrupts();
        interrupts.Signal(PosixSignal.SIGINT);
        var ran = new Caller { Interrupts = interrupts }.Run("bench", TestModels.Stories);
        Assert.Equal((130, ""), (ran.Code, ran.Out));
    }
}
