using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Every tensor of every mixture gets the format that llama.cpp gives it, for models of many shapes: tied and not, with
/// shared heads, with experts, rows that do not fit.
/// </summary>
public sealed class QuantPlanTests
{
    static string Folder => Path.Combine(Fixtures.Repo, "tests", "fixtures", "mixtures");

    public static TheoryData<string> Models() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Models))]
    public void FormatsAreThoseOfLlamaCpp(string model)
    {
        var (facts, tensors, expected) = Read(Path.Combine(Folder, model));
        Assert.Equal(QuantMix.Known.Select(m => m.Name).Where(n => n != "mxfp4").Order(StringComparer.Ordinal),
            expected.Keys.Select(k => k.Replace("!pure", "")).Distinct().Order(StringComparer.Ordinal));
        foreach (var (name, wanted) in expected)
        {
            var mix = QuantMix.Find(name.Replace("!pure", ""))!;
            var plan = QuantPlan.Of(tensors, facts, name.EndsWith("!pure", StringComparison.Ordinal) ? mix.Pure() : mix);
            foreach (var (tensor, format) in wanted)
                Assert.True(plan[tensor].Given.Name == format, $"{name}: {tensor} gets {plan[tensor].Given}, llama.cpp gives it {format}");
        }
    }

    /// <summary>A file's own order does not count: layers do.</summary>
    [Fact]
    public void TheOrderOfTheFileDoesNotMatter()
    {
        var (facts, tensors, _) = Read(Path.Combine(Folder, "smollm2-135m.txt"));
        var shuffled = tensors.ToArray();
        new Random(1).Shuffle(shuffled);
        foreach (var mix in QuantMix.Known)
            Assert.Equal(QuantPlan.Of(tensors, facts, mix).OrderBy(t => t.Key, StringComparer.Ordinal),
                QuantPlan.Of(shuffled, facts, mix).OrderBy(t => t.Key, StringComparer.Ordinal));
    }

    /// <summary>What is no matrix of a product stays as it is; vectors become float32.</summary>
    [Theory]
    [InlineData("output_norm.weight", 1, "f32")]
    [InlineData("blk.0.attn_v.bias", 2, "f16")]
    [InlineData("blk.0.ffn_gate_inp.weight", 2, "f16")]
    [InlineData("blk.0.ffn_norm.weight", 2, "f16")]
    [InlineData("position_embd.weight", 2, "f16")]
    [InlineData("token_types.weight", 2, "f16")]
    [InlineData("blk.0.ssm_conv1d.weight", 2, "f16")]
    [InlineData("lonely", 2, "f16")]
    [InlineData("blk.0.ffn_up.weight", 2, "q4_k")]
    [InlineData("blk.0.attn_norm_2.weight", 2, "q4_k")]
    public void OnlyMatricesOfProductsAreRounded(string name, int rank, string expected)
    {
        var shape = rank == 1 ? new Shape(512) : new Shape(512, 512);
        var plan = QuantPlan.Of([(name, DType.F16, shape)], new("llama", 9, 8, 2, 0), QuantMix.Find("q4_k_s")!);
        Assert.Equal(expected, plan[name].Given.Name);
    }

    /// <summary>What llama.cpp chose: for each mixture, the format of each tensor.</summary>
    sealed record Chosen(
        QuantFacts Facts,
        List<(string Name, DType DType, Shape Shape)> Tensors,
        Dictionary<string, Dictionary<string, string>> Expected);

    static Chosen Read(string path)
    {
        var lines = File.ReadAllLines(path).Where(l => !l.StartsWith('#')).Select(l => l.Split(' ')).ToArray();
        var f = lines[0].Skip(1).Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        var facts = new QuantFacts(f["architecture"], int.Parse(f["layers"]), int.Parse(f["heads"]),
            int.Parse(f["kv_heads"]), int.Parse(f["experts"]));
        var (tensors, expected) = (new List<(string, DType, Shape)>(), new Dictionary<string, Dictionary<string, string>>());
        foreach (var line in lines.Skip(1))
        {
            string[] names = line[0].Contains('*')
                ? [.. Enumerable.Range(0, facts.Layers).Select(i => line[0].Replace("*", $"{i}"))]
                : [line[0]];
            var shape = new Shape([.. line[1].Split('x').Select(long.Parse)]);
            tensors.AddRange(names.Select(n => (n, DType.Named(line[2]), shape)));
            foreach (var cell in line.Skip(3).Select(c => c.Split('=')))
            {
                var formats = cell[1].Contains('*') || cell[1].Contains('+')
                    ? [.. cell[1].Split('+').SelectMany(Run)]
                    : (string[])[.. names.Select(_ => cell[1])];
                if (!expected.TryGetValue(cell[0], out var of)) expected[cell[0]] = of = [];
                foreach (var (n, t) in names.Zip(formats, (n, t) => (n, t))) of[n] = t;
            }
        }
        return new(facts, tensors, expected);

        static IEnumerable<string> Run(string run) =>
            run.Split('*') is [var format, var count] ? Enumerable.Repeat(format, int.Parse(count)) : [run];
    }
}
