using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Answers that are cut short, fail, or come about beside others are what they would be alone.</summary>
public sealed class GenerationTests : IDisposable
{
    static readonly GenerationSettings greedy = new() { Sampler = SamplerSettings.Greedy, MaxTokens = 24 };

    readonly CpuBackend on = new(1);
    readonly QuantizeModel folder = new(context: 1024);
    readonly Pretrained model;

    public GenerationTests() => model = Pretrained.Open(folder.Path, on);

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
        on.Dispose();
    }

    static int[] Prompt(int length, int seed = 7) => [.. Enumerable.Range(0, length).Select(i => ((i * 31) + seed) % 200 + 3)];

    static (string Text, int[] Ids) Answer(Session session, int[] prompt, GenerationSettings settings, CancellationToken cancel = default)
    {
        Piece[] pieces = [.. session.Answer(prompt, settings, cancel: cancel)];
        return (string.Concat(pieces.Select(p => p.Text)), [.. pieces.SelectMany(p => p.Ids)]);
    }

    (string Text, int[] Ids) Fresh(int[] prompt, GenerationSettings settings)
    {
        using var session = new Session(model);
        return Answer(session, prompt, settings);
    }

    [Fact]
    public void CancelledWithinAPromptItGoesOnWhereItWas()
    {
        var prompt = Prompt(3 * Decoding.Chunk + 5);
        using var session = new Session(model, context: 1024);
        using var cancel = new CancellationTokenSource();
        Piece[] none = [.. session.Answer(prompt, greedy, (done, _) => { if (done > 0) cancel.Cancel(); }, cancel.Token)];
        Assert.Equal((0, FinishReason.Cancelled), (none.Length, session.Outcome!.Reason));
        var answer = Answer(session, prompt, greedy);
        Assert.InRange(session.Outcome.CachedTokens, Decoding.Chunk, 2 * Decoding.Chunk);
        using var fresh = new Session(model, context: 1024);
        Assert.Equal(Answer(fresh, prompt, greedy), answer, SameAnswer);
    }

    static bool SameAnswer((string Text, int[] Ids) a, (string Text, int[] Ids) b) => a.Text == b.Text && a.Ids.SequenceEqual(b.Ids);

    [Fact]
    public void AStopStringIsFoundAgainWhenTheSessionIsUsedAgain()
    {
        var prompt = Prompt(12);
        var whole = Fresh(prompt, greedy).Text;
        var stop = whole[(whole.Length / 2)..(whole.Length / 2 + 3)];
        using var session = new Session(model);
        var stopped = Answer(session, prompt, greedy with { Stop = [stop] });
        Assert.Equal((whole[..whole.IndexOf(stop, StringComparison.Ordinal)], FinishReason.Stop), (stopped.Text, session.Outcome!.Reason));
        var again = Answer(session, [.. prompt, .. stopped.Ids], greedy with { Stop = [stop] });
        Assert.True(session.Outcome.CachedTokens >= prompt.Length);
        Assert.DoesNotContain(stop, again.Text, StringComparison.Ordinal);
        Assert.Equal(Fresh([.. prompt, .. stopped.Ids], greedy with { Stop = [stop] }).Text, again.Text);
    }

    [Fact]
    public void AfterAFailureTheSessionAnswersAsIfNothingHadBeen()
    {
        var prompt = Prompt(20);
        using var session = new Session(model);
        var unknown = greedy with { Sampler = greedy.Sampler with { LogitBias = new Dictionary<int, float> { [1_000_000] = 1 } } };
        var refused = Assert.Throws<ArgumentException>(() => Answer(session, prompt, unknown));
        Assert.Contains("1000000", refused.Message, StringComparison.Ordinal);
        Assert.Null(session.Outcome);
        Assert.Equal(Fresh(prompt, greedy), Answer(session, prompt, greedy), SameAnswer);
        Assert.Equal(prompt.Length - 1, session.Outcome!.CachedTokens);
    }

    /// <summary>What came with the model and is out of range stops only whoever asks for it; −1 is off.</summary>
    [Fact]
    public void ABadSamplerSettingStopsOnlyThoseWhoUseIt()
    {
        var path = Path.Combine(folder.Path, "generation_config.json");
        File.WriteAllText(path, """{ "eos_token_id": 2, "top_p": 7 }""");
        using (var damaged = Pretrained.Open(folder.Path, on))
        {
            Assert.True(damaged.Text.IsEnd(2));
            using var session = new Session(damaged);
            Assert.NotEmpty(Answer(session, Prompt(5), greedy).Ids);
            var said = Assert.Throws<InvalidDataException>(() => damaged.Text.Sampler).Message;
            Assert.StartsWith($"{path}: top-p is 7", said, StringComparison.Ordinal);
        }
        File.WriteAllText(path, """{ "top_k": -1, "temperature": 0.6 }""");
        using (var off = Pretrained.Open(folder.Path, on)) Assert.Equal((0, 0.6f), (off.Text.Sampler.TopK, off.Text.Sampler.Temperature));
        File.WriteAllText(path, """{ "repetition_penalty": 1.1 }""");
        using (var penalty = Pretrained.Open(folder.Path, on))
            Assert.Equal(new SamplerSettings { RepetitionPenalty = 1.1f }, penalty.Text.Sampler with { Seed = 0 });
    }

    [Fact]
    public void AnEndlessAnswerFillsTheContextAndNoMore()
    {
        using var session = new Session(model, context: 32);
        var answer = Answer(session, Prompt(20), greedy with { MaxTokens = null, Stop = [] });
        Assert.True(answer.Ids.Length <= 12);
        Assert.True(session.Outcome!.Reason == FinishReason.Stop || answer.Ids.Length == 12);
        var full = Assert.Throws<ContextOverflowException>(() => session.Answer(Prompt(32), greedy));
        Assert.Equal((32, 32), (full.Prompt, full.Context));
    }

    /// <summary>No logits come from a pass of one model while another computes.</summary>
    [Fact]
    public async Task TwoModelsAnswerOnTwoThreads()
    {
        var expected = Fresh(Prompt(30), greedy);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            using var own = new CpuBackend(1);
            using var opened = Pretrained.Open(folder.Path, own);
            using var session = new Session(opened);
            return Enumerable.Range(0, 6).Select(i => Answer(session, Prompt(30, i % 2 == 0 ? 7 : 11), greedy)).ToArray();
        }))).ConfigureAwait(true);
        foreach (var answers in both)
        {
            Assert.Equal(expected, answers[0], SameAnswer);
            Assert.Equal(expected, answers[4], SameAnswer);
        }
    }

    [Fact]
    public void AMaskLeavesNothingElse()
    {
        var mask = new TokenMask(model.CausalLm.Vocabulary);
        foreach (var sampler in (SamplerSettings[])[SamplerSettings.Greedy, new() { Temperature = 2, TopK = 0, TopP = 1, Seed = 3 }])
        {
            mask.Clear();
            int[] allowed = [7, 64, 129];
            foreach (var id in allowed) mask[id] = true;
            Assert.Equal(3, mask.Count);
            var answer = new Generation(model.Text, [1], new() { Sampler = sampler }, room: 50) { Mask = mask };
            float[] logits = [.. Enumerable.Range(0, model.CausalLm.Vocabulary).Select(i => 9f - (i % 10))];
            for (var i = 0; i < 20 && answer.Reason is null; i++) Assert.Contains(answer.Next(logits)!.Ids[0], allowed);
        }
        mask.Clear();
        Assert.Throws<InvalidOperationException>(() => new Sampler(SamplerSettings.Greedy).Next(new float[mask.Vocabulary], mask));
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void WhatIsNoNumberIsAnErrorWhereverItStands(float damaged)
    {
        for (var at = 0; at < 37; at++)
        {
            var logits = new float[37];
            logits[at] = damaged;
            Assert.Equal(at, Assert.Throws<NonFiniteLogitsException>(() => NonFiniteLogitsException.ThrowIf(logits)).Token);
        }
        NonFiniteLogitsException.ThrowIf([float.NegativeInfinity, 1, float.NegativeInfinity]);
        Assert.Throws<NonFiniteLogitsException>(() => NonFiniteLogitsException.ThrowIf([float.NegativeInfinity, float.NegativeInfinity]));
    }
}
