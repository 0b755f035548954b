using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Weights that change on the way: by the recipe, or where a run is gone on with.</summary>
public sealed class MixtureStretchesTests : IDisposable
{
    static readonly string text = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i} is {i * i}, "));
    static readonly string other = string.Concat(Enumerable.Range(0, 90).Select(i => $"{i * i} was {i}; "));

    readonly TinyRun run = new();

    /// <summary>Windows that say of which source and which number they are.</summary>
    sealed class Numbers(int of) : IBatchSource
    {
        public Batch At(long number) => new([of, (int)number], [0, 2], [0, 0]) { Places = ["x"] };
    }

    /// <summary>A walk over all windows: each source goes on where it was left, and has its share of every stretch.</summary>
    [Fact]
    public void EverySourceGoesOnWhereItWasLeft()
    {
        const int Windows = 3;
        MixtureSource[] sources =
            [new("a", new Numbers(0), 10, 1000, 3), new("b", new Numbers(1), 20, 4000, 1), new("c", new Numbers(2), 5, 500, 0)];
        var stretches = ((long From, double[] Weights)[])[(0, [3, 1, 0]), (1000, [0, 1, 1]), (1007, [1, 0, 0]), (3000, [1, 2, 3])];
        var mixture = new Mixture(sources, Windows, 0, [.. stretches[1..].Select(s => new MixtureStretch(s.From, s.Weights))]);
        var alone = new Mixture(sources, Windows);
        var (next, read) = (new long[3], new long[3]);
        for (var n = 0L; n < 6000; n++)
        {
            if (n < 1000) Assert.Equal(alone.At(n).Ids, mixture.At(n).Ids);
            if (n % 97 == 0) Assert.Equal(next.Select((r, s) => r / sources[s].Epoch), mixture.Epochs(n).Values);
            if (stretches.Any(s => s.From == n)) read = [0, 0, 0];
            var ids = mixture.At(n).Ids;
            for (var w = 0; w < Windows; w++)
            {
                Assert.Equal(next[ids[2 * w]]++, ids[2 * w + 1]);
                read[ids[2 * w]]++;
            }
            if (n is not (999 or 1006 or 2999 or 5999)) continue;
            var weights = stretches.Last(s => s.From <= n).Weights;
            double[] tokens = [.. read.Select((r, s) => r * sources[s].Tokens / sources[s].Epoch)];
            for (var s = 0; s < 3; s++)
                if (weights[s] == 0) Assert.Equal(0, read[s]);
                else Assert.Equal(weights[s] / weights.Sum(), tokens[s] / tokens.Sum(), n == 1006 ? 0.2 : 0.01);
        }
    }

    static Recipe Recipe(params (string Key, string Value)[] more) => TinyRun.Recipe(TinyRun.Gpt,
        """[{ "path": "a.txt", "weight": 3 }, { "path": "b.txt", "weight": 1 }]""", more);

    static byte[] Weights(RunFolder run) => File.ReadAllBytes(Path.Combine(run.Checkpoint(TinyRun.Steps), "model.safetensors"));

    /// <summary>
    /// Weights that are changed where a run is gone on with are a stretch of its recipe: a run whose recipe had it from the beginning has
    /// the same bits, and so has one that is stopped again.
    /// </summary>
    [Fact]
    public void AChangeBelongsToTheRun()
    {
        string[] texts = [text, other];
        var (whole, parts, unchanged) = (run.Begun("whole", texts), run.Begun("parts", texts), run.Begun("unchanged", texts));
        TinyRun.GoOn(unchanged, Recipe(), texts);
        TinyRun.GoOn(parts, Recipe(), texts, until: 4);
        var changed = RunMixture.Continued(parts, Recipe(("data.sources.b.weight", "6")));
        Assert.Equal([3, 1], changed.Data.Sources.Select(s => s.Weight!.Value));
        var stretch = Assert.Single(changed.Data.Mixture!);
        Assert.Equal((4L, KeyValuePair.Create("b", 6.0)), (stretch.Step, Assert.Single(stretch.Weights)));
        // written down and read again, as the command line does
        File.WriteAllText(parts.RecipePath, RecipeFile.Text(changed));
        TinyRun.GoOn(parts, RecipeFile.Read(parts.RecipePath, []), texts, until: 7);
        var twice = RunMixture.Continued(parts, RecipeFile.Read(parts.RecipePath, []));
        Assert.Equal(stretch.Weights, Assert.Single(twice.Data.Mixture!).Weights);
        TinyRun.GoOn(parts, twice, texts);
        TinyRun.GoOn(whole, changed, texts);
        Assert.Equal(Weights(whole), Weights(parts));
        Assert.NotEqual(Weights(whole), Weights(unchanged));

        var lines = RunFolder.Read(parts.MetricsPath).ToArray();
        var mixed = Assert.Single(lines, l => l["weights"] is not null);
        Assert.Equal((5L, """{"a":3,"b":6}"""), ((long)mixed["step"]!, mixed["weights"]!.ToJsonString()));
        // a step reads six windows: four at three to one, then six at one to two
        var epochs = lines.Last(l => l["epochs"] is not null)["epochs"]!;
        var (a, b) = (Read("a"), Read("b"));
        Assert.Equal(60, a + b, 1e-6);
        Assert.InRange(a, 4 * 6 * 0.75 + 6 * 6 / 3.0 - 3, 4 * 6 * 0.75 + 6 * 6 / 3.0 + 3);

        double Read(string name) => (double)epochs[name]! / TinyRun.Window
            * JsonNode.Parse(File.ReadAllText(parts.DataPath))!["sources"]!.AsArray().Where(s => (string)s!["name"]! == name)
                .Select(s => (double)s!["tokens"]!).Single();
    }

    /// <summary>What is past is not changed: those weights made the checkpoint.</summary>
    [Fact]
    public void ThePastStays()
    {
        string[] texts = [text, other];
        var folder = run.Begun("run", texts);
        var recipe = Recipe(("data.mixture", """[{ "from": 0.2, "weights": { "b": 2 } }, { "step": 8, "weights": { "a": 0 } }]"""));
        TinyRun.GoOn(folder, recipe, texts, until: 5);
        string[] pasts = ["""[{ "from": 0.2, "weights": { "b": 3 } }]""", """[{ "from": 0.3, "weights": { "b": 2 } }]""", "[]"];
        foreach (var past in pasts)
            Assert.Contains("data.weights is [3,1], from step 2 [3,2]", Assert.Throws<RunException>(() =>
                TinyRun.GoOn(folder, Recipe(("data.mixture", past)), texts)).Message, StringComparison.Ordinal);
        var future = Recipe(("data.mixture", """[{ "step": 2, "weights": { "b": 2 } }, { "step": 6, "weights": { "b": 0 } }]"""));
        TinyRun.GoOn(folder, future, texts);
        Assert.Equal([3L, 7], RunFolder.Read(folder.MetricsPath).Where(l => l["weights"] is not null).Select(l => (long)l["step"]!));
    }

    /// <summary>A run of before mixtures could change, whose checkpoint says nothing of them.</summary>
    [Fact]
    public void SourcesWithoutWeightsGetThem()
    {
        string[] texts = [text, other];
        var folder = run.Begun("run", texts);
        var bySize = TinyRun.Recipe(TinyRun.Gpt, """["a.txt", "b.txt"]""");
        TinyRun.GoOn(folder, bySize, texts, until: 3);
        var weighed = RunMixture.Continued(folder, Recipe());
        Assert.All(weighed.Data.Sources, s => Assert.Null(s.Weight));
        Assert.Equal((3L, 2), (weighed.Data.Mixture![0].Step, weighed.Data.Mixture[0].Weights.Count));
        TinyRun.GoOn(folder, weighed, texts, until: 6);
        Assert.Same(weighed, RunMixture.Continued(folder, weighed));
        var begun = run.Begun("weighed", texts);
        TinyRun.GoOn(begun, Recipe(), texts, until: 3);
        Throws.Saying<RunException>("had weights", () => RunMixture.Continued(begun, bySize));
    }

    [Theory]
    [InlineData("""[{ "from": 0.5, "step": 3, "weights": { "a": 1 } }]""", "data.mixture[0] has from and step")]
    [InlineData("""[{ "weights": { "a": 1 } }]""", "neither from nor step")]
    [InlineData("""[{ "from": 1, "weights": { "a": 1 } }]""", "data.mixture[0].from is 1, expected 0")]
    [InlineData("""[{ "step": -1, "weights": { "a": 1 } }]""", "data.mixture[0].step is -1")]
    [InlineData("""[{ "step": 5, "weights": { "a": 1 } }, { "from": 0.5, "weights": { "a": 2 } }]""", "data.mixture[1] holds after step 5")]
    [InlineData("""[{ "step": 5, "weights": { "c": 1 } }]""", "there is no source c; there are a, b")]
    [InlineData("""[{ "step": 5, "weights": { "a": -1 } }]""", "data.mixture[0].weights.a is -1")]
    [InlineData("""[{ "step": 5, "weights": { "a": 0, "b": 0 } }]""", "all weights are 0 after step 5")]
    [InlineData("""[{ "step": "five", "weights": {} }]""", "data.mixture[0].step is \"five\"; a whole number was expected")]
    [InlineData("""[{ "step": 5, "weights": { "a": "much" } }]""", "weights.a is \"much\"; a number was expected")]
    [InlineData("[null]", "data.mixture[0] is null")]
    public void WhatAMixtureCannotSayIsNamed(string mixture, string said) =>
        Assert.Contains(said, Assert.Throws<RecipeException>(() => Recipe(("data.mixture", mixture))).Message, StringComparison.Ordinal);

    [Fact]
    public void ValuesInListsAreSetByNameOrPlace()
    {
        string[][] cases = [["data.sources.b.weight", "7"], ["data.sources.1.weight", "7"]];
        Assert.All(cases, c => Assert.Equal(7, Recipe((c[0], c[1]), ("data.sources.0.weight", "2")).Data.Sources[1].Weight));
        Assert.Contains("there is no z", Assert.Throws<RecipeException>(() => Recipe(("data.sources.z.weight", "1"))).Message);
        Assert.Contains("0 to 1", Assert.Throws<RecipeException>(() => Recipe(("data.sources.7", "1"))).Message);
    }

    public void Dispose() => run.Dispose();
}
