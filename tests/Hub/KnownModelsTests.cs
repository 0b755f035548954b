using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>The table of short names: what is in it can be pulled, stored and found.</summary>
public sealed class KnownModelsTests
{
    public static TheoryData<string> Names => [.. KnownModels.All.Select(m => m.Name)];

    [Theory, MemberData(nameof(Names))]
    public void EveryModelCanBePulledAndStored(string name)
    {
        var (model, source) = (KnownModels.Find(name)!, PullSource.Parse(name));
        Assert.Equal((model.Repository, model.Source, name), (source.Repo!, source.Text, source.Name));
        Assert.Equal(name, ModelName.Checked(name));
        Assert.Equal(name, name.ToLowerInvariant());
        Assert.Equal(model.Repository.EndsWith("-GGUF", StringComparison.Ordinal), source.Tag is not null);
        Assert.InRange(model.Bytes, 50_000_000, 2_000_000_000);
        Assert.InRange(model.Memory, model.Bytes + model.CacheBytes + 1, 3_000_000_000);
        Assert.NotEmpty(model.Languages);
    }

    /// <summary>24 layers, 2 heads of 64 values, keys and values of 2 bytes: 12,288 bytes a token.</summary>
    [Fact]
    public void TheCacheIsOf4096Tokens() => Assert.Equal(4096 * 12_288, KnownModels.Find("qwen2.5-0.5b")!.CacheBytes);

    [Fact]
    public void NamesAreUnlike() => Assert.Equal(KnownModels.All.Count, KnownModels.All.Select(m => m.Name).Distinct().Count());

    [Fact]
    public void CaseDoesNotMatter() => Assert.Same(KnownModels.Find("smollm2-135m"), KnownModels.Find("SmolLM2-135M"));

    [Theory, InlineData("qwen9"), InlineData(""), InlineData("qwen2.5")]
    public void OthersAreNotFound(string name) => Assert.Null(KnownModels.Find(name));

    /// <summary>The launcher refuses by itself, before there is a program to ask.</summary>
    [Fact]
    public void TheLauncherNamesTheFirst()
    {
        var size = $"{KnownModels.All[0].Bytes / 1_000_000} MB";
        string[] lines = [.. House.Lines("dayu").Where(l => l.Contains("DAYU-3002", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Length);
        Assert.All(lines, l => Assert.Contains($"./dayu pull {KnownModels.All[0].Name} ", l, StringComparison.Ordinal));
        Assert.All(lines, l => Assert.Contains(size, l, StringComparison.Ordinal));
    }
}
