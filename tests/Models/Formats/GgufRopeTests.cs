using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>How a GGUF file's keys stretch rope, by what llama.cpp computes with them.</summary>
public sealed class GgufRopeTests
{
    /// <summary>A golden GGUF file with other keys about rope.</summary>
    static RopeScaling? Scaling(Action<GgufWriter> write)
    {
        using var folder = new TempFolder();
        using (var golden = GgufFile.Open(Fixtures.GoldenOrSkip("gguf", "llama.gguf")))
        {
            var writer = new GgufWriter();
            foreach (var key in golden.Metadata.Keys.Where(k => !k.Contains("rope.scal", StringComparison.Ordinal)))
                writer.Copy(key, golden.Metadata);
            foreach (var t in golden.Tensors.Entries.Values) writer.Add(TensorSource.Of(t));
            write(writer);
            writer.Save(folder["m.gguf"]);
        }
        using var checkpoint = Checkpoint.Open(folder["m.gguf"]);
        return RopeConfig.Scaling(checkpoint.Config, 256);
    }

    [Fact]
    public void NothingIsSaid() => Assert.Null(Scaling(_ => { }));

    [Theory]
    [InlineData("linear", "rope.scaling.factor", 4f), InlineData(null, "rope.scaling.factor", 4f),
     InlineData(null, "rope.scale_linear", 4f)]
    public void Linear(string? type, string key, float factor) => Assert.Equal(new LinearScaling(4), Scaling(w =>
    {
        if (type is not null) w.Add("llama.rope.scaling.type", type);
        w.Add($"llama.{key}", factor);
    }));

    [Fact]
    public void ANewKeyCountsBeforeTheOld() =>
        Assert.Equal(new LinearScaling(2), Scaling(w => w.Add("llama.rope.scaling.factor", 2f).Add("llama.rope.scale_linear", 4f)));

    [Theory]
    [InlineData("none", 4f), InlineData("linear", 0f), InlineData("linear", 1f)]
    public void NoScaling(string type, float factor) =>
        Assert.Null(Scaling(w => w.Add("llama.rope.scaling.type", type).Add("llama.rope.scaling.factor", factor)));

    /// <summary>llama.cpp: sine and cosine times attn_factor, and times 1 + 0.1 ln(factor) where it is yarn.</summary>
    [Theory]
    [InlineData("yarn", 2.2772589f), InlineData("linear", 2f), InlineData("none", 2f)]
    public void TheFactorOnAttention(string type, float expected)
    {
        const string at = "llama.rope.scaling.";
        var read = Scaling(w => w.Add(at + "type", type).Add(at + "factor", 4f).Add(at + "attn_factor", 2f));
        Assert.Equal(expected, read!.Magnitude, 1e-6);
    }

    [Theory]
    [InlineData("""{ "rope_type": "linear", "factor": 4 }""")]
    [InlineData("""{ "rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 64 }""")]
    [InlineData("""
        { "rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 64, "attention_factor": 1.5,
          "beta_fast": 16, "beta_slow": 2 }
        """)]
    public void WhatIsWrittenIsReadAgain(string said)
    {
        var wanted = RopeConfig.Scaling(new() { ["rope_scaling"] = JsonNode.Parse(said) }, 256)!;
        var read = Scaling(w => GgufRope.Write(w, "llama", wanted))!;
        Assert.Equal(wanted.Magnitude, read.Magnitude, 1e-6);
        double[] a = [1, 0.1, 0.01], b = [1, 0.1, 0.01];
        wanted.Apply(a, 10_000);
        read.Apply(b, 10_000);
        Assert.Equal(a, b);
    }
}
