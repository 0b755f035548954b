using System.Globalization;
using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>
/// Samplers against what Transformers' leave of a row of logits; stop strings against a search of the whole text.
/// </summary>
public sealed class SamplerTests
{
    public static TheoryData<int, string> Cases()
    {
        var cases = new TheoryData<int, string>();
        var path = Path.Combine(Fixtures.Golden, "samplers", "samplers.json");
        if (!File.Exists(path)) { cases.Add(0, ""); return cases; }
        var (rows, i) = (JsonDocument.Parse(File.ReadAllBytes(path)).RootElement, 0);
        foreach (var row in rows.EnumerateArray())
        {
            foreach (var after in row.GetProperty("after").EnumerateObject()) cases.Add(i, after.Name);
            i++;
        }
        return cases;
    }

    [Theory]
    [InlineData(0f), InlineData(1e-39f), InlineData(1e-7f)]
    public void TheColdestIsTheBest(float temperature)
    {
        var sampler = new Sampler(new() { Temperature = temperature, TopK = 0, TopP = 1, MinP = 0 });
        for (var i = 0; i < 5; i++) Assert.Equal(1, sampler.Next([1, 20, 3]));
    }

    /// <summary>Looking only where the best can be leaves the same tokens in the same order, ties included.</summary>
    [Fact]
    public void TheKBestAreThoseOfAPlainSort()
    {
        var random = new Random(11);
        var candidates = new Candidates();
        for (var round = 0; round < 400; round++)
        {
            var (count, levels, k) = (random.Next(1, 700), random.Next(1, 300), random.Next(1, 60));
            var logits = new float[count];
            for (var i = 1; i < count; i++) logits[i] = random.Next(20) == 0 ? float.NegativeInfinity : random.Next(levels);
            var all = logits.Index().Where(x => x.Item > float.NegativeInfinity).OrderByDescending(x => x.Item).ToList();
            var least = all[Math.Min(k, all.Count) - 1].Item;
            candidates.Fill(logits, k);
            candidates.TopK(k);
            candidates.Sort();
            Assert.Equal(all.Where(x => x.Item >= least).Select(x => x.Index), candidates.Ids.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LeavesWhatTransformersLeaves(int index, string name)
    {
        var row = JsonDocument.Parse(File.ReadAllBytes(Fixtures.GoldenOrSkip("samplers", "samplers.json"))).RootElement[index];
        var logits = row.GetProperty("logits").Deserialize<float[]>()!;
        var expected = row.GetProperty("after").GetProperty(name).Deserialize<float?[]>()!;
        var cut = name.LastIndexOf('_');
        var (kind, value) = (name[..cut], float.Parse(name[(cut + 1)..], CultureInfo.InvariantCulture));

        var candidates = new Candidates();
        candidates.Fill(logits);
        switch (kind)
        {
            case "temperature": candidates.Temper(value); break;
            case "top_k": candidates.TopK((int)value); break;
            case "top_p": candidates.TopP(value); break;
            case "min_p": candidates.MinP(value); break;
            case "typical" or "typical_p": candidates.Typical(value); break;
            case "repetition" or "repetition_penalty":
                var sampler = new Sampler(new() { RepetitionPenalty = value });
                sampler.Saw(row.GetProperty("seen").Deserialize<int[]>()!);
                candidates.Fill(sampler.Adjusted(logits));
                break;
            default: Assert.Skip($"samplers.json: '{kind}' is not known yet"); break;
        }

        var found = new float?[logits.Length];
        for (var i = 0; i < candidates.Count; i++) found[candidates.Ids[i]] = candidates.Scores[i];
        float[] kept = [.. expected.OfType<float>().Order()], ours = [.. found.OfType<float>().Order()];
        Assert.Equal(kept.Length, ours.Length);                       // which of several equal tokens top-p keeps is left to the sort
        Assert.All(kept.Zip(ours), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
        if (kept.Distinct().Count() == kept.Length) Assert.Equal(expected.Select(e => e.HasValue), found.Select(f => f.HasValue));
    }

    [Fact]
    public void DrawsAsOftenAsTheProbabilitiesSay()
    {
        float[] p = [0.5f, 0.3f, 0.15f, 0.05f];
        var sampler = new Sampler(new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0, Seed = 3 });
        var logits = Array.ConvertAll(p, MathF.Log);
        var counts = new int[4];
        for (var i = 0; i < 20_000; i++) counts[sampler.Next(logits)]++;
        for (var i = 0; i < 4; i++) Assert.Equal(p[i], counts[i] / 20_000.0, 0.012);   // three standard deviations
    }

    [Fact]
    public void PenaltiesCountWhatWasSaid()
    {
        var bias = new Dictionary<int, float> { [2] = -5 };
        var sampler = new Sampler(SamplerSettings.Greedy with { PresencePenalty = 1, FrequencyPenalty = 0.5f, LogitBias = bias });
        float[] logits = [3, 2, 6];
        // scores: 3 2 1, 1.5 2 1, 1.5 .5 1, 1 .5 1, .5 .5 1
        Assert.Equal([0, 1, 0, 0, 2], Enumerable.Range(0, 5).Select(_ => sampler.Next(logits)).ToArray());
        Assert.Equal([0.5f, 0.5f, -0.5f], sampler.Adjusted(logits).ToArray());
    }

    [Theory]
    [InlineData("abcabd", "abd")]
    [InlineData("aaaaab", "aab")]
    [InlineData("hello world", "lo w", "xyz")]
    [InlineData("nothing here", "zzz")]
    [InlineData("ends with sto", "stop")]
    [InlineData("龙的传人。\n\nnext", "\n\n", "人人")]
    public void StopStringsAreFoundAcrossPieces(string text, params string[] stops)
    {
        var at = stops.Select(s => text.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(text.Length).Min();
        for (var seed = 0; seed < 50; seed++)
        {
            var (random, matcher, shown, i) = (new Random(seed), new StopMatcher(stops), "", 0);
            while (i < text.Length && !matcher.Stopped)
            {
                var n = Math.Min(random.Next(1, 4), text.Length - i);
                shown += matcher.Push(text.Substring(i, n));
                i += n;
            }
            shown += matcher.Flush();
            Assert.Equal(text[..at], shown);
            Assert.Equal(at < text.Length, matcher.Stopped);
        }
    }
}
