using System.Text.Json;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>A real model that remembers in other number formats is as near to its exact answers as in float32.</summary>
public sealed class CacheNearnessTests(ITestOutputHelper output)
{
    [Fact]
    public void MeanDivergenceOfEachFormat()
    {
        var golden = JsonDocument.Parse(File.ReadAllBytes(Fixtures.SharedOrSkip("models", "smollm2.golden.json"))).RootElement;
        var ids = golden.GetProperty("score").GetProperty("ids").Deserialize<int[]>()!;
        ids = ids[..Math.Min(ids.Length, Sizes.Of(257, ids.Length))];
        var path = Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf");
        var exact = Logits(path, ids, isExact: true, DType.F32);
        Dictionary<string, double> mean = [];
        foreach (var format in Op.CacheFormats)
        {
            var found = Logits(path, ids, isExact: false, format);
            var (sum, same) = (0.0, 0);
            for (var i = 0; i < exact.Length; i++)
            {
                sum += Divergence(exact[i], found[i]);
                if (Sampler.Best(exact[i]) == Sampler.Best(found[i])) same++;
            }
            mean[format.Name] = sum / exact.Length;
            output.WriteLine($"{format}: mean divergence from the exact path {mean[format.Name]:F5}, "
                + $"the same best token in {100.0 * same / exact.Length:F2} % of {exact.Length} places");
        }
        var alone = Logits(path, ids, isExact: true, DType.F16);
        output.WriteLine($"f16, all else exact: {exact.Zip(alone, Divergence).Average():E2}");
        Assert.InRange(mean["f16"], 0, mean["f32"] * 1.1);
        Assert.InRange(mean["q8_0"], 0, mean["f32"] * 1.5);
    }

    static float[][] Logits(string path, int[] ids, bool isExact, DType format)
    {
        using var cpu = new CpuBackend(2, exact: isExact);
        using var model = Pretrained.Open(path, cpu);
        using var arena = new Arena(cpu);
        using var cache = KvCache.ForOne(cpu, ids.Length, format);
        using var sequence = cache.Begin();
        List<float[]> rows = [];
        foreach (var part in ids[..^1].Chunk(128))
        {
            var pass = new Pass(arena, cache, (sequence, part)) { SelectedRows = Pass.Every(part.Length) };
            rows.AddRange(model.CausalLm.Forward(pass).ToArray().Chunk(model.CausalLm.Vocabulary));
        }
        return [.. rows];
    }

    /// <summary>Σ p·log(p/q) in nats.</summary>
    static double Divergence(float[] p, float[] q)
    {
        double sumP = TokenLogProb.LogSumExp(p), sumQ = TokenLogProb.LogSumExp(q), sum = 0;
        for (var i = 0; i < p.Length; i++) sum += Math.Exp(p[i] - sumP) * (p[i] - sumP - (q[i] - sumQ));
        return sum;
    }
}
