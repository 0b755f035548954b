using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>The engine with a real network: the same bytes as alone, whatever else runs; cancelling, faults, slow readers.</summary>
public sealed class EngineTests
{
    static readonly GenerationSettings settings = new() { MaxTokens = 24, Sampler = new() { Temperature = 1, Seed = 5 } };

    [Fact]
    public async Task AnswersAreThoseThatEachWouldHaveAlone()
    {
        using var model = new EngineModel();
        int[][] prompts =
            [.. Enumerable.Range(0, 12).Select(i => EngineModel.Prompt(i % 3 == 0 ? 70 : 5 + 11 * i, shared: i % 2 * 40, seed: i))];
        var alone = prompts.Select(p => model.Alone(p, settings)).ToArray();
        using var engine = new Engine(model.Pretrained, new() { Context = 256, Tokens = 600, Together = 5 });
        for (var round = 0; round < 2; round++)                      // the second time out of the cache
        {
            var together = await Task.WhenAll(prompts.Select((p, i) => Ids(engine.Submit(new(p, settings) { Owner = $"{i % 4}" }))));
            Assert.Equal(alone, together);
        }
    }

    [Fact]
    public async Task SharedBeginningIsComputedOnce()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256 });
        var first = engine.Submit(new(EngineModel.Prompt(100, shared: 96, seed: 1), settings));
        await Ids(first);
        var second = engine.Submit(new(EngineModel.Prompt(100, shared: 96, seed: 2), settings));
        await Ids(second);
        Assert.Equal((0, 96), (first.CachedTokens, second.CachedTokens));
    }

    [Fact]
    public async Task CancelledAnswerGivesItsRoomBack()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256, Together = 1 });
        using var cancel = new CancellationTokenSource();
        var endless = engine.Submit(new(EngineModel.Prompt(20, 0, 1), settings with { MaxTokens = 200 }), cancel.Token);
        var next = engine.Submit(new(EngineModel.Prompt(20, 0, 2), settings));
        await cancel.CancelAsync();
        await Ids(endless);
        Assert.Equal(FinishReason.Cancelled, endless.Reason);
        Assert.Equal(24, (await Ids(next)).Length);
        Assert.Equal((0, 0), (engine.Load.Running, engine.Load.Waiting));
    }

    [Fact]
    public async Task WhoStopsReadingDoesNotStopOthers()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256, Together = 2, Pieces = 4 });
        var slow = engine.Submit(new(EngineModel.Prompt(20, 0, 1), settings with { MaxTokens = 100 }));
        var others = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => Ids(engine.Submit(new(EngineModel.Prompt(20, 0, i), settings)))));
        Assert.All(others, o => Assert.Equal(24, o.Length));
        Assert.InRange(slow.Tokens, 0, 5);                           // nothing is computed ahead of who does not take it
        Assert.Equal(model.Alone(EngineModel.Prompt(20, 0, 1), settings with { MaxTokens = 100 }), await Ids(slow));
    }

    [Fact]
    public async Task TooManyAreToldWhenToAskAgain()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256, Together = 1, Waiting = 1, Pieces = 1 });
        var taken = Enumerable.Range(0, 2).Select(i => engine.Submit(new(EngineModel.Prompt(9, 0, i), settings))).ToArray();
        var busy = Assert.Throws<EngineBusyException>(() => engine.Submit(new(EngineModel.Prompt(9, 0, 3), settings)));
        Assert.True(busy.RetryAfter >= TimeSpan.FromSeconds(1));
        foreach (var answer in taken) await Ids(answer);
        await Ids(engine.Submit(new(EngineModel.Prompt(9, 0, 3), settings)));
    }

    [Fact]
    public async Task LongestTextFitsWhateverRoomIsAsked()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Tokens = 100 });         // of a context of 1,024
        Assert.Equal(24, (await Ids(engine.Submit(new(EngineModel.Prompt(700, 0, 1), settings)))).Length);
    }

    [Fact]
    public async Task AnswerThatNobodyReadsGivesItsPlaceBack()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256, Together = 1, Waiting = 0, Pieces = 1 });
        engine.Submit(new(EngineModel.Prompt(9, 0, 1), settings)).Dispose();
        await engine.Between(_ => 0);                                // a pass later it is gone
        await engine.Between(_ => 0);
        Assert.Equal(24, (await Ids(engine.Submit(new(EngineModel.Prompt(9, 0, 2), settings)))).Length);
    }

    [Fact]
    public async Task CancelledSourceTakesNoPlace()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256, Together = 1, Waiting = 0 });
        var gone = new CancellationTokenSource();
        var token = gone.Token;
        gone.Dispose();
        for (var i = 0; i < 3; i++)
            try { await Ids(engine.Submit(new(EngineModel.Prompt(9, 0, 1), settings), token)); }
            catch (ObjectDisposedException) { }
        Assert.Equal(24, (await Ids(engine.Submit(new(EngineModel.Prompt(9, 0, 2), settings)))).Length);
    }

    [Fact]
    public async Task FaultEndsOneRequestOnly()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256 });
        var bad = engine.Submit(new(EngineModel.Prompt(9, 0, 1), settings with
        {
            Sampler = new() { LogitBias = new Dictionary<int, float> { [100_000] = 1 } },
        }));
        var good = engine.Submit(new(EngineModel.Prompt(9, 0, 2), settings));
        Assert.Contains("100000", (await Assert.ThrowsAsync<ArgumentException>(() => Ids(bad))).Message);
        Assert.Equal(24, (await Ids(good)).Length);
    }

    [Fact]
    public async Task OtherWorkComesBetweenPasses()
    {
        using var model = new EngineModel();
        using var engine = new Engine(model.Pretrained, new() { Context = 256 });
        var answer = Ids(engine.Submit(new(EngineModel.Prompt(9, 0, 1), settings)));
        Assert.Equal("Dayu engine", await engine.Between(_ => Thread.CurrentThread.Name));
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Between<int>(_ => throw new InvalidOperationException("mine")));
        Assert.Equal(24, (await answer).Length);
    }

    [Fact]
    public async Task EngineThatEndsEndsItsAnswers()
    {
        using var model = new EngineModel();
        var engine = new Engine(model.Pretrained, new() { Context = 256 });
        var answer = engine.Submit(new(EngineModel.Prompt(9, 0, 1), settings with { MaxTokens = 240 }));
        engine.Dispose();
        await Ids(answer);
        answer.Dispose();                                            // also afterwards
        Assert.NotNull(answer.Reason);
        Assert.Throws<ObjectDisposedException>(() => engine.Submit(new(EngineModel.Prompt(9, 0, 1), settings)));
    }

    static async Task<int[]> Ids(EngineAnswer answer, CancellationToken cancel = default)
    {
        var ids = new List<int>();
        await foreach (var piece in answer.Pieces(cancel)) ids.AddRange(piece.Ids);
        return [.. ids];
    }
}
