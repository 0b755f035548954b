using System.Runtime.InteropServices;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

public sealed class Llama2cTests
{
    /// <summary>A tiny file whose weights are 0, 1, 2, … in the order of the file.</summary>
    public static byte[] Tiny(bool ownHead)
    {
        // width 4, inner 3, 2 layers, 2 heads of 2, 1 of keys, 5 words, 6 positions
        int[] header = [4, 3, 2, 2, 1, ownHead ? -5 : 5, 6];
        var floats = (5 * 4) + (2 * (4 + 16 + 8 + 8 + 16 + 4 + 12 + 12 + 12)) + 4 + (6 * 2) + (ownHead ? 20 : 0);
        float[] weights = [.. Enumerable.Range(0, floats)];
        return [.. MemoryMarshal.AsBytes(header.AsSpan()), .. MemoryMarshal.AsBytes(weights.AsSpan())];
    }

    [Theory, InlineData(true), InlineData(false)]
    public void EveryWeightLiesWhereTheFormatSays(bool ownHead)
    {
        using var file = Llama2c.Open(new MappedFile("tiny.bin", Tiny(ownHead)));
        (string, Shape, float)[] expected =
        [
            ("model.embed_tokens.weight", new(5, 4), 0),
            ("model.layers.0.input_layernorm.weight", new(4), 20),
            ("model.layers.1.input_layernorm.weight", new(4), 24),
            ("model.layers.0.self_attn.q_proj.weight", new(4, 4), 28),
            ("model.layers.1.self_attn.q_proj.weight", new(4, 4), 44),
            ("model.layers.0.self_attn.k_proj.weight", new(2, 4), 60),
            ("model.layers.1.self_attn.v_proj.weight", new(2, 4), 84),
            ("model.layers.0.self_attn.o_proj.weight", new(4, 4), 92),
            ("model.layers.0.post_attention_layernorm.weight", new(4), 124),
            ("model.layers.0.mlp.gate_proj.weight", new(3, 4), 132),
            ("model.layers.0.mlp.down_proj.weight", new(4, 3), 156),
            ("model.layers.1.mlp.up_proj.weight", new(3, 4), 192),
            ("model.norm.weight", new(4), 204),
            .. ownHead ? [("lm_head.weight", new Shape(5, 4), 220f)] : ReadOnlySpan<(string, Shape, float)>.Empty,
        ];
        foreach (var (name, shape, first) in expected)
            Assert.Equal((name, shape, first), (name, file.Tensors[name].Shape, file.Tensors[name].Values()[0]));
        Assert.Equal((2 * 9) + 2 + (ownHead ? 1 : 0), file.Tensors.Entries.Count);
        Assert.Equal(!ownHead, file.Config["tie_word_embeddings"]!.GetValue<bool>());
        Assert.True(file.RopePairsInterleaved);
    }

    [Fact]
    public unsafe void RealModelIsRead()
    {
        using var file = Llama2c.Open(Fixtures.SharedOrSkip("models", "stories260K", "stories260K.bin"));
        int Of(string key) => file.Config[key]!.GetValue<int>();
        Assert.Equal((64, 172, 5), (Of("hidden_size"), Of("intermediate_size"), Of("num_hidden_layers")));
        Assert.Equal((8, 4), (Of("num_attention_heads"), Of("num_key_value_heads")));
        Assert.Equal((512, 512), (Of("vocab_size"), Of("max_position_embeddings")));
        var norm = file.Tensors["model.norm.weight"];
        // behind it: cos, then sin, of every position and pair
        var rope = new ReadOnlySpan<float>((void*)(norm.Address + (nint)norm.Bytes), 512 * 8);
        Assert.All(rope[..4].ToArray(), cos => Assert.Equal(1f, cos));
        Assert.Equal(MathF.Cos(1), rope[4], 1e-6f);
        Assert.Equal(MathF.Sin(1), rope[(512 * 4) + 4], 1e-6f);
    }

    [Fact]
    public void AnotherLengthIsAnErrorWithBothNumbers()
    {
        var whole = Tiny(false);
        var error = Assert.Throws<InvalidDataException>(() => Llama2c.Open(new MappedFile("cut.bin", whole.AsSpan(0, whole.Length - 4))));
        Assert.Contains($"asks for {whole.Length} bytes, the file has {whole.Length - 4}", error.Message);
    }
}
