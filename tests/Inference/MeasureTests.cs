using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// How things are timed: in turn, by a clock that the test holds; and what a model's speed is counted in.
/// </summary>
public sealed class MeasureTests
{
    /// <summary>A clock that goes when it is told to.</summary>
    sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Ticks;
    }

    [Fact]
    public void EveryoneRunsInTurn()
    {
        var (clock, order) = (new Clock(), new List<string>());
        BenchmarkCase Of(string name, double work, params int[] milliseconds)
        {
            var i = 0;
            return new(name, work, _ => { order.Add(name); clock.Ticks += milliseconds[i++]; });
        }
        BenchmarkCase a = Of("a", 10, 999, 1000, 2000, 4000), b = Of("b", 30, 999, 1000, 1000, 1000);
        var told = new List<(int, int)>();
        Assert.True(InterleavedRuns.Run([a, b], 3, clock, (done, of) => told.Add((done, of)), TestContext.Current.CancellationToken));
        Assert.Equal("abababab", string.Concat(order));
        Assert.Equal([10, 5, 2.5], a.Rates);                         // the first round only warms up
        Assert.Equal(new Statistics(5, 2.5, 10), a.Rate);
        Assert.Equal(new Statistics(2 * 5 / 30.0, 2 * 2.5 / 30, 2 * 10 / 30.0), a.RatioTo(b, 2));
        Assert.Equal(((0, 8), (7, 8)), (told[0], told[^1]));
    }

    [Fact]
    public void WhatWasMeasuredBeforeItWasStoppedRemains()
    {
        using var cancel = new CancellationTokenSource();
        var runs = 0;
        BenchmarkCase a = new("a", 1, _ => { if (++runs == 3) cancel.Cancel(); }), b = new("b", 1, _ => { });
        Assert.False(InterleavedRuns.Run([a, b], 10, TimeProvider.System, null, cancel.Token));
        Assert.Equal((2, 1), (a.Rates.Count, b.Rates.Count));
    }

    [Fact]
    public void TheMiddleOfMeasurements()
    {
        Assert.Equal(new Statistics(2.5, 1, 4), Statistics.Of([4, 1, 3, 2]));
        Assert.Equal(new Statistics(3, 1, 9), Statistics.Of([9, 1, 3]));
        Assert.True(double.IsNaN(Statistics.Of([]).Median));
    }

    static LoadedModel Tiny(Backend on, bool tied) => LoadedModel.Create(JsonNode.Parse($$"""
        {
            "architectures": ["LlamaForCausalLM"], "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
            "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 100, "max_position_embeddings": 700,
            "rms_norm_eps": 1e-5, "tie_word_embeddings": {{(tied ? "true" : "false")}}
        }
        """)!.AsObject(), on, seed: 1, train: false);

    /// <summary>
    /// By hand: a layer has q and o of 32×32, k and v of 16×32, three of 48×32, and two norms; the head 100×32; an
    /// embedding that is not tied is looked up in and counts for nothing.
    /// </summary>
    [Theory]
    [InlineData(true), InlineData(false)]
    public void OperationsAndBytesAreThoseOfTheWeights(bool tied)
    {
        const int layer = 2 * 32 * 32 + 2 * 16 * 32 + 3 * 48 * 32, head = 100 * 32, vectors = 5 * 32;
        using var on = new CpuBackend(1);
        using var model = Tiny(on, tied);
        using var speed = new ModelSpeed(model, new(Prompt: 8, Answer: 6, Depth: 10, Batch: 2));
        Assert.Equal(2.0 * 2 * layer, speed.OperationsOf(speed.Prompt));
        Assert.Equal(2.0 * (2 * layer + head), speed.OperationsOf(speed.Answer));
        Assert.Equal(DType.F32, speed.Format);
        // on average 10 + 6 / 2 tokens, of two layers keys and values of 16 halves; memory is rounded up by a little
        var cache = 13.0 * 2 * 2 * 16 * 2;
        Assert.Equal((2 * layer + head + vectors) * 4 / 2.0 + cache, speed.BytesOfAnswer, cache / 5);
    }

    /// <summary>
    /// Chunks of a long prompt, a depth, several sequences, again and again: everything finds its room.
    /// </summary>
    [Fact]
    public void RoundsLeaveTheCacheAsItWas()
    {
        using var on = new CpuBackend(2);
        using var model = Tiny(on, true);
        using var speed = new ModelSpeed(model, new(Prompt: 600, Answer: 3, Depth: 100, Batch: 3));
        speed.WarmUp(TestContext.Current.CancellationToken);
        Assert.True(InterleavedRuns.Run([.. speed.Cases], 2, new ProcessorTime(), null, TestContext.Current.CancellationToken));
        Assert.Equal(((2, 2), 2), ((speed.Prompt.Rates.Count, speed.Answer.Rates.Count), speed.Cases.Count()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelSpeed(model, new(Prompt: 600, Answer: 3, Depth: 101)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelSpeed(model, new(Batch: 0)));
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => speed.WarmUp(cancel.Token));
    }

    /// <summary>A clock by which everything takes a thousandth of a second.</summary>
    sealed class Metronome : TimeProvider
    {
        long ticks;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => ticks++;
    }

    /// <summary>Kernels run; their rates are their work, the bytes of all weights or operations, by the time.</summary>
    [Theory]
    [InlineData("f32"), InlineData("bf16"), InlineData("q8_0"), InlineData("q4_k")]
    public void KernelsRun(string format)
    {
        using var on = new CpuBackend(2);
        using var work = new MatrixWork(on, DType.Named(format), 512, 2048);
        BenchmarkCase[] all = [work.Decode(1), work.Prefill(8), work.InputGradient(4), work.WeightGradient(4)];
        Assert.True(InterleavedRuns.Run(all, 1, new Metronome(), null, TestContext.Current.CancellationToken));
        const double product = 2.0 * 512 * 2048;                     // operations of a row
        var bytes = DType.Named(format).BytesFor(512 * 2048);
        var weights = (128 << 20) / bytes + 1;                       // as many as no cache holds
        double[] done = [weights * bytes, 8 * product, 4 * product, 4 * product];
        Assert.Equal(done.Select(w => 1000 * w), all.Select(c => c.Rate.Median));
    }

    [Fact]
    public void AttentionRuns()
    {
        using var on = new CpuBackend(2);
        using var work = new AttentionWork(on, new(Heads: 4, KeyValueHeads: 2, HeadWidth: 16), DType.F16);
        BenchmarkCase[] all = [work.Decode(767), work.Prefill(33)];
        Assert.True(InterleavedRuns.Run(all, 2, new Metronome(), null, TestContext.Current.CancellationToken));
        Assert.All(all, c => Assert.Equal(2, c.Rates.Count));
        const double keys = 767.0 * 24 * 2 * 2 * 16 * 2;             // tokens, layers, keys and values, heads, width, bytes
        Assert.Equal(1000 * keys, all[0].Rate.Median, 1);
        Assert.Equal(1000 * 4.0 * 4 * 16 * 33 * 34 / 2, all[1].Rate.Median, 1);
    }

    [Theory]
    [InlineData(Peak.Read), InlineData(Peak.Float32), InlineData(Peak.BFloat16), InlineData(Peak.Int8)]
    public void TheMachineIsDrivenToItsPeaks(Peak peak)
    {
        using var peaks = new CpuPeaks(2);
        if (!peaks.Has(peak))
        {
            Assert.Throws<NotSupportedException>(() => peaks.Run(peak));
            Assert.Skip($"this machine has no instruction for {peak}");
        }
        var contender = new BenchmarkCase("peak", CpuPeaks.Work(peak), _ => peaks.Run(peak));
        Assert.True(InterleavedRuns.Run([contender], 1, TimeProvider.System, null, TestContext.Current.CancellationToken));
        Assert.InRange(contender.Rate.Median, 1e8, 1e15);
    }
}
