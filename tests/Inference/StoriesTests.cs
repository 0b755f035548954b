using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>llama2.c's story models, greedily: the text is the one that its own program tells.</summary>
public sealed class StoriesTests
{
    public static TheoryData<string> Each() => [.. Backends.Names];

    [Theory]
    [MemberData(nameof(Each))]
    public void Stories260KTellsItsStory(string backend)
    {
        var folder = Fixtures.SharedOrSkip("models", "stories260K");
        using var on = Backends.Make(backend);
        using var model = Pretrained.Open(Path.Combine(folder, "stories260K.bin"), on.Backend, Path.Combine(folder, "tok512.bin"));
        using var session = new Session(model);
        var text = Tell(session, model.Tokenizer.Encode(""), 40);
        Assert.StartsWith("Once upon a time, there was a little girl named Lily.", text.TrimStart(), StringComparison.Ordinal);
        Assert.Equal(FinishReason.Length, session.Outcome!.Reason);
        Assert.Equal(40, session.Outcome.Tokens);

        // the same prompt, some of it computed already, gives the same text
        var ids = model.Tokenizer.Encode("Once upon a time, there was a dog");
        var (first, again) = (Tell(session, ids, 20), Tell(session, ids, 20));
        Assert.Equal(ids.Count - 1, session.Outcome.CachedTokens);
        Assert.Equal(first, again);
    }

    static string Tell(Session session, List<int> ids, int tokens) =>
        string.Concat(session.Answer(ids, new() { Sampler = SamplerSettings.Greedy, MaxTokens = tokens }).Select(p => p.Text));

    [Fact]
    public void TheSameSeedTellsTheSameStory()
    {
        var folder = Fixtures.SharedOrSkip("models", "stories260K");
        using var on = Backends.Make("reference");
        using var model = Pretrained.Open(Path.Combine(folder, "stories260K.bin"), on.Backend, Path.Combine(folder, "tok512.bin"));
        string Tell(ulong seed)
        {
            using var session = new Session(model);
            var settings = new GenerationSettings { Sampler = new() { Temperature = 1.2f, Seed = seed }, MaxTokens = 24 };
            return string.Concat(session.Answer(model.Tokenizer.Encode("One day"), settings).Select(p => p.Text));
        }
        Assert.Equal(Tell(1), Tell(1));
        Assert.NotEqual(Tell(1), Tell(2));
    }
}
