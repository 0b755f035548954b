using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Answers that come about together are, bit for bit, those that would come alone.</summary>
public sealed class LockStepTests : IDisposable
{
    readonly CpuBackend on = new(2);
    readonly QuantizeModel folder = new(context: 1024);
    readonly Pretrained model;

    public LockStepTests() => model = Pretrained.Open(folder.Path, on);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
        on.Dispose();
    }

    /// <summary>
    /// Prompts of all lengths, some beginning alike, some equal; greedy and sampled; with stops and log-probabilities.
    /// </summary>
    static AnswerRequest[] Requests(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        int[] shared = [.. Enumerable.Range(0, 40).Select(t => (t * 7 % 150) + 5)];
        int[] own = [.. Enumerable.Range(0, i % 4 * 9).Select(t => ((t * 13) + i) % 150 + 5)];
        var sampler = i % 3 == 0 ? SamplerSettings.Greedy
            : new SamplerSettings { Temperature = 1.1f, Seed = (ulong)i, RepetitionPenalty = 1.2f };
        return new AnswerRequest(
            i % 5 == 0 ? [3, .. own] : [.. shared, .. own],
            new() { Sampler = sampler, MaxTokens = 5 + (i * 7 % 23), LogProbs = i % 2 == 0 ? 3 : null, Stop = i % 6 == 0 ? ["a"] : [] });
    })];

    static (string Text, int[] Ids, float[] LogProbs, FinishReason? Reason)[] Together(LockStep by, AnswerRequest[] requests)
    {
        var all = new (string Text, int[] Ids, float[] LogProbs, FinishReason? Reason)[requests.Length];
        Array.Fill(all, ("", [], [], null));
        foreach (var (index, piece, reason) in by.Answer(requests))
        {
            var sofar = all[index];
            Assert.Null(sofar.Reason);
            float[] logProbs = [.. sofar.LogProbs, .. piece.LogProbs.Select(l => l.LogProb)];
            all[index] = (sofar.Text + piece.Text, [.. sofar.Ids, .. piece.Ids], logProbs, reason);
        }
        return all;
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(16)]
    public void TogetherTheyAreAsAlone(int together)
    {
        var requests = Requests(20);
        using var by = new LockStep(model, together, context: 128);
        var answers = Together(by, requests);
        for (var i = 0; i < requests.Length; i++)
        {
            using var session = new Session(model, context: 128);
            Piece[] alone = [.. session.Answer(requests[i].Prompt, requests[i].Settings)];
            Assert.Equal(string.Concat(alone.Select(p => p.Text)), answers[i].Text);
            Assert.Equal(alone.SelectMany(p => p.Ids), answers[i].Ids);
            Assert.Equal(alone.SelectMany(p => p.LogProbs).Select(l => l.LogProb), answers[i].LogProbs);
            Assert.Equal(session.Outcome!.Reason, answers[i].Reason);
        }
    }

    [Fact]
    public void LongPromptsAreReadBesideAnswersAndEachBeginningOnce()
    {
        int[] text = [.. Enumerable.Range(0, 600).Select(t => (t * 31 % 149) + 5)];
        var settings = new GenerationSettings { Sampler = SamplerSettings.Greedy, MaxTokens = 12 };
        AnswerRequest[] requests =
        [
            new([7, 8], settings), new(text, settings), new([.. text, 9], settings), new([7, 8, 9], settings), new(text, settings),
        ];
        using var by = new LockStep(model, 3, context: 700);
        var answers = Together(by, requests);
        Assert.Equal(answers[1].Ids, answers[4].Ids);
        for (var i = 0; i < requests.Length; i++)
        {
            using var session = new Session(model, context: 700);
            Assert.Equal(session.Answer(requests[i].Prompt, settings).SelectMany(p => p.Ids), answers[i].Ids);
        }
    }

    [Fact]
    public void TheSameInstanceAnswersAgain()
    {
        using var by = new LockStep(model, 4, context: 128);
        var first = Together(by, Requests(9));
        Assert.Equal(first.Select(a => a.Text), Together(by, Requests(9)).Select(a => a.Text));
        Assert.Empty(by.Answer([]));
    }

    [Fact]
    public void CancelledAllEnd()
    {
        using var by = new LockStep(model, 3, context: 128);
        using var cancel = new CancellationTokenSource();
        var (requests, reasons, tokens) = (Requests(9), new FinishReason?[9], 0);
        foreach (var (index, piece, reason) in by.Answer(requests, cancel.Token))
        {
            reasons[index] = reason;
            if ((tokens += piece.Ids.Length) == 12) cancel.Cancel();
        }
        Assert.DoesNotContain((FinishReason?)null, reasons);
        Assert.Contains(FinishReason.Cancelled, reasons);
        Assert.InRange(tokens, 12, 12 + by.Together);
    }

    [Fact]
    public void WhatDoesNotFitIsSaidBeforeAnythingIsRead()
    {
        using var by = new LockStep(model, 2, context: 32);
        Assert.Throws<ContextOverflowException>(() => by.Answer([new([5], new()), new(new int[32], new())]));
        Assert.Throws<Hub.TokenOutOfModelException>(() => by.Answer([new([1_000_000], new())]));
        Assert.Throws<ArgumentException>(() => by.Answer([new([], new())]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LockStep(model, 0));
    }
}
