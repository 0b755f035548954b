using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>
/// Fifty steps whose bits are known, on each path of the CPU: whoever changes the order of a sum sees it here. Two and three threads
/// give the bits of one.
/// </summary>
public sealed class FrozenRunTests
{
    /// <summary>Every path has one order of sums, so that float32 has one result; bfloat16 has its own.</summary>
    const string Float32 = "e30a82d5f447a848", BFloat16 = "1510d238032e8001";

    public static TheoryData<string, bool> Cases => new(from path in CpuPaths.Available()
        from bf16 in (bool[])[false, true] where !bf16 || CpuPaths.MultipliesBFloat16(path) select ($"{path}", bf16));

    [Theory, MemberData(nameof(Cases))]
    public void TheBitsAreThoseThatWereKnown(string path, bool bf16)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "logarithms and powers are the system's; the bits are known of Linux");
        string[] found = [.. ((int[])[1, 2, 3]).Select(threads => Bits(CpuPaths.Parse(path), threads, bf16))];
        Assert.Equal(found[0], found[1]);
        Assert.Equal(found[0], found[2]);
        Assert.Equal(bf16 ? BFloat16 : Float32, found[0]);
    }

    static string Bits(CpuPath path, int threads, bool bf16)
    {
        var config = (JsonObject)JsonNode.Parse("""
            { "model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 64, "hidden_size": 64, "intermediate_size": 96,
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 32,
              "rms_norm_eps": 1e-5, "tie_word_embeddings": true }
            """)!;
        using var on = new CpuBackend(threads, path, exact: !bf16, bf16: bf16);
        using var model = LoadedModel.Create(config, on, 1);
        foreach (var w in model.Weights.Values.Where(w => w.Tensor.Shape.Rank > 1)) w.Tensor.Set(Drawn(w));
        using var parameters = new Parameters(model);
        int[] ids = [.. Enumerable.Range(0, 1000).Select(i => (int)(CounterRng.Mix(2, (ulong)i) % 64 & (ulong)i | 1))];
        using var trainer = new Trainer(model, new AdamW(parameters, new()), new(ScheduleKind.Wsd, 3e-3, 50, 5),
            new RandomWindows(ids, 24, 5, 7), new());
        for (var step = 0; step < 50; step++) trainer.Step();
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(parameters.Values.ToArray())))[..16];
    }

    /// <summary>Weights that no mathematical function of the system has a part in.</summary>
    static float[] Drawn(Weight w) =>
        [.. Enumerable.Range(0, (int)w.Tensor.Shape.Count)
            .Select(i => (CounterRng.Mix((ulong)w.Path.Length, (ulong)i) % 2001 - 1000f) / 20000)];
}
