using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Names that vary from file to file.</summary>
public sealed class AliasTests
{
    static readonly TensorRule[] bert =
    [
        new("**.LayerNorm.weight", "**.LayerNorm.gamma"),
        new("**.LayerNorm.bias", "**.LayerNorm.beta"),
        new("bert.**", "**"),
    ];

    [Theory]
    [InlineData("transformer.**", "**", "transformer.h.0.ln_1.bias", "h.0.ln_1.bias")]
    [InlineData("**", "module.**", "a.b", "module.a.b")]
    [InlineData("**.LayerNorm.weight", "**.LayerNorm.gamma",
        "bert.encoder.layer.3.output.LayerNorm.weight", "bert.encoder.layer.3.output.LayerNorm.gamma")]
    [InlineData("a.*.**.w.*", "b.**", "a.1.2.3.w.4", "b.1")]          // stars are filled in order
    [InlineData("a.**.w", "b.**.w", "a.w", null)]
    [InlineData("**.w", "**.v", "w", null)]
    public void TwoStarsAreOneOrMoreParts(string path, string file, string name, string? expected) =>
        Assert.Equal(expected, new TensorRule(path, file).ToFile(name));

    [Fact]
    public void Gpt2WithoutItsPrefixAndWithBuffers()
    {
        using var copy = new GoldenCopy("gpt2");
        var plain = copy.Tensors.Select(t => t with { Name = t.Name["transformer.".Length..] });
        TensorSource[] buffers =
        [
            TensorSource.Of("h.0.attn.bias", DType.F32, new Shape(1, 1, 4, 4), new float[16]),
            TensorSource.Of("h.0.attn.masked_bias", DType.F32, new Shape(1), new float[1]),
        ];
        Safetensors.Write(copy.At("model.safetensors"), [.. plain, .. buffers]);
        Assert.Equal(copy.Expected(), copy.Found());
    }

    [Fact]
    public void AHeadOfItsOwnIsReadWhereTheConfigurationAsksForIt()
    {
        using var copy = new GoldenCopy("gpt2");
        var table = copy.Tensors.Single(t => t.Name == "transformer.wte.weight");
        Safetensors.Write(copy.At("model.safetensors"), [.. copy.Tensors, table with { Name = "lm_head.weight" }]);
        Assert.Equal(copy.Expected(), copy.Found());                  // tied: the second copy is not asked for
        var config = Checkpoint.ReadJson(copy.At("config.json"));
        config["tie_word_embeddings"] = false;
        File.WriteAllText(copy.At("config.json"), config.ToJsonString());
        Assert.Equal(copy.Expected(), copy.Found());
        Safetensors.Write(copy.At("model.safetensors"), copy.Tensors);
        Throws.Saying<NotSupportedException>("no output head ('lm_head.weight')", () => copy.Found());
    }

    /// <summary>Each spelling may be met with each other one.</summary>
    [Theory]
    [InlineData("bert.a.LayerNorm.weight")]
    [InlineData("bert.a.LayerNorm.gamma")]
    [InlineData("a.LayerNorm.weight")]
    [InlineData("a.LayerNorm.gamma")]
    public void SpellingsCombine(string inFile)
    {
        using var scratch = new Decoded.Scratch();
        TensorSource[] tensors =
        [
            TensorSource.Of(inFile, DType.F32, new Shape(2), new float[] { 3, 4 }),
            TensorSource.Of("other", DType.F32, new Shape(1), new float[1]),
        ];
        Safetensors.Write(scratch.Path, tensors);
        using var file = Safetensors.Open(scratch.Path);
        using var arena = new Arena(new ReferenceBackend());
        var weights = new FileWeights(arena, file, [], bert, []);
        Assert.True(weights.Has("bert.a.LayerNorm.weight"));
        Assert.False(weights.Has("bert.a.LayerNorm.bias"));
        Assert.Equal([3, 4], weights.Get("bert.a.LayerNorm.weight", new(2), Init.Ones).Tensor.ToArray());
        Throws.Saying<InvalidDataException>("'bert.b.weight'", () => weights.Get("bert.b.weight", new(2), Init.Ones));
    }
}
