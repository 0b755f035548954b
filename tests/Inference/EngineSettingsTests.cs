using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Settings that a command line and a server share: ranges, and who wins.</summary>
public sealed class EngineSettingsTests
{
    [Fact]
    public void OutOfRangeIsAnErrorThatNamesIt()
    {
        Assert.Contains("threads is -1", Wrong(new() { Threads = -1 }), StringComparison.Ordinal);
        Assert.Contains("context is 0", Wrong(new() { Context = 0 }), StringComparison.Ordinal);
        Assert.Contains("fast, exact", Wrong(new() { Precision = "vague" }), StringComparison.Ordinal);
        Assert.Contains("f32, f16, q8_0", Wrong(new() { Cache = "q2_k" }), StringComparison.Ordinal);
        Assert.True(new EngineSettings { Precision = "exact", Cache = "q8_0" }.Checked().IsExact);

        static string Wrong(EngineSettings settings) => Assert.Throws<ArgumentException>(() => settings.Checked()).Message;
    }

    [Fact]
    public void AModelLimitsTheContext()
    {
        Assert.Null(new EngineSettings().ContextWithin(512));
        Assert.Equal((512, 2048), (new EngineSettings().WindowWithin(512), new EngineSettings().WindowWithin(8192)));
        Assert.Equal(64, new EngineSettings { Context = 64 }.WindowWithin(512));
        var wrong = Assert.Throws<ContextTooLargeException>(() => new EngineSettings { Context = 513 }.ContextWithin(512));
        Assert.Equal((513, 512), (wrong.Context, wrong.Most));
    }

    [Fact]
    public void WhatIsNotWantedIsTheModels()
    {
        var own = new SamplerSettings { Temperature = 0.3f, TopK = 7, TopP = 0.5f, Seed = 9 };
        var settings = new GenerationOverrides { TopK = 5, MaxTokens = 3, Stop = ["end"] }.Over(own);
        Assert.Equal(own with { TopK = 5 }, settings.Sampler);
        Assert.Equal((3, "end"), (settings.MaxTokens, Assert.Single(settings.Stop)));
        foreach (var wrong in (GenerationOverrides[])[new() { MaxTokens = 0 }, new() { LogProbs = -1 }, new() { TopP = 2 }])
            Assert.Throws<ArgumentException>(() => wrong.Over(own));
    }
}
