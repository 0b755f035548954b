using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Cli;
using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>What <c>dayu bench</c> says, and what it will not do.</summary>
public sealed class BenchTests
{
    const string Keys = "model path precision test depth batch threads tok_s min max rounds load_s peak_mib private_mib gb_s read_share gflop_s multiply_share peak_gb_s peak_gflop_s gb_token";

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
        var results = Results(Caller.Do(["bench", TestModels.Stories, TestModels.Stories, .. small, "--path", string.Join(',', paths), "--precision", "fast,exact", "--json"]));
        Assert.Equal(2 * paths.Length * 2 * 2, results.Count);
        foreach (var r in results)
        {
            Assert.Equal(Keys, string.Join(' ', r!.AsObject().Select(p => p.Key)));
            Assert.Equal(("stories260K.bin", 0, 1, 1, 2), ((string)r["model"]!, (int)r["depth"]!, (int)r["batch"]!, (int)r["threads"]!, (int)r["rounds"]!));
            Assert.InRange((double)r["tok_s"]!, (double)r["min"]!, (double)r["max"]!);
            Assert.InRange((double)r["peak_mib"]!, 1, 100_000);
            Assert.Equal((string)r["test"]! == "tg4", r["gb_s"] is not null);
        }
        Assert.Equal(paths.SelectMany(p => (string[])["fast", "exact"], (p, e) => $"{p} {e}").SelectMany(p => (string[])[$"{p} pp8", $"{p} tg4"]), results.Take(results.Count / 2).Select(r => $"{r!["path"]} {r["precision"]} {r["test"]}"));
    }

    [Fact]
    public void OneTestMayBeLeftOut()
    {
        var result = Assert.Single(Results(Caller.Do("bench", TestModels.Stories, "-p", "0", "-n", "3", "-d", "5", "-b", "4", "-r", "1", "-t", "1", "--cpu-time", "--json")))!;
        Assert.Equal(("tg3", 5, 4), ((string)result["test"]!, (int)result["depth"]!, (int)result["batch"]!));
        Assert.Equal("pp3", (string)Assert.Single(Results(Caller.Do("bench", TestModels.Stories, "-p", "3", "-n", "0", "-r", "1", "--json")))!["test"]!);
    }

    [Fact]
    public void LinesForEachResult()
    {
        var ran = Caller.Do(["bench", TestModels.Stories, .. small, "--format", "jsonl"]);
        Assert.Equal(["pp8", "tg4"], ran.Out.Trim().Split('\n').Select(l => (string)JsonNode.Parse(l)!["test"]!));
        Assert.Contains("| stories260K.bin | ", Caller.Do(["bench", TestModels.Stories, .. small, "--format", "md"]).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void KernelsTellTheirShare()
    {
        var results = Results(Caller.Do("bench", "kernels", "q8_0", "-r", "1", "-t", "2", "--json"));
        Assert.Equal(["prefill 512x4096x4096 GOP/s", "decode 1x4096x4096 GB/s", "decode 4x4096x4096 GB/s", "decode 8x4096x4096 GB/s", "decode 32x4096x4096 GB/s"], results.Select(r => $"{r!["kernel"]} {r["shape"]} {r["unit"]}"));
        foreach (var r in results)
        {
            Assert.Equal("kernel format shape path threads unit rate min max rounds share multiply_share peak", string.Join(' ', r!.AsObject().Select(p => p.Key)));
            Assert.InRange((double)r["rate"]!, 0.001, 1e6);
        }
    }

    [Theory]
    [InlineData("-p -1", 2), InlineData("-n -1", 2), InlineData("-d -1", 2), InlineData("-b 0", 2), InlineData("-t 0", 2), InlineData("-r 0", 2), InlineData("-p 0 -n 0", 2), InlineData("-p many", 2),
        InlineData("--path mmx", 2), InlineData("--path ,", 2), InlineData("--precision vague", 2), InlineData("-t 2 --cpu-time", 2), InlineData("-d 99999", 2), InlineData("-d 2147483647 -p 2147483647", 2), InlineData("--dept 3", 2), InlineData("--format xml", 2)]
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
        Assert.Contains(CpuPaths.Available()[0].ToString().ToLowerInvariant(), Caller.Do("bench", TestModels.Stories, "--path", "mmx").Error, StringComparison.Ordinal);
    }

    /// <summary>The clock is asked before every run, and while models load: at its five hundredth question somebody presses Ctrl-C, in the midst of the rounds.</summary>
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
        var ran = new Caller { Interrupts = interrupts, Clock = new Impatient(interrupts) }.Run("bench", TestModels.Stories, "-p", "8", "-n", "4", "-r", "1000", "--json");
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
