using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>The forms in which people have a model on disk.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("llama", "f16")]
    [InlineData("llama", "bf16")]
    [InlineData("gpt2", "f16")]
    [InlineData("gpt2", "bf16")]
    public void SixteenBitsAreNear(string folder, string format)
    {
        using var copy = new GoldenCopy(folder);
        Safetensors.Write(copy.At("model.safetensors"), copy.As(DType.Named(format)));
        float[] expected = copy.Expected(), found = copy.Found();
        var (scale, worst) = (expected.Max(Math.Abs), expected.Zip(found, (a, b) => Math.Abs(a - b)).Max());
        Assert.InRange(worst, 1e-9 * scale, (format == "f16" ? 2e-3 : 2e-2) * scale);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("model.fp32.safetensors")]
    public void AnyNameWillDoWhereThereIsOneFile(string name)
    {
        using var copy = new GoldenCopy("llama");
        Safetensors.Write(copy.At(name), copy.Tensors);
        File.WriteAllText(copy.At("training_args.bin"), "of no use");
        Assert.Equal(copy.Expected(), copy.Found());
        Assert.Equal(copy.Expected(), copy.Found(name));
        Safetensors.Write(copy.At("other.safetensors"), copy.Tensors[..1]);
        var error = Assert.Throws<InvalidDataException>(() => copy.Found());
        Assert.Contains("several files of weights", error.Message);
        Assert.Equal(copy.Expected(), copy.Found(name));              // the one that is named
    }

    [Fact]
    public void AFolderWithoutWeightsSaysWhatWasExpected()
    {
        using var copy = new GoldenCopy("llama");
        Assert.Contains("model.safetensors, model.safetensors.index.json, pytorch_model.bin",
            Assert.Throws<InvalidDataException>(() => copy.Found()).Message);
        Safetensors.Write(copy.At("model.safetensors"), copy.Tensors);
        File.Delete(copy.At("config.json"));
        Assert.Contains("config.json", Assert.Throws<NotSupportedException>(() => copy.Found()).Message);
        Assert.Contains("config.json beside it", Assert.Throws<NotSupportedException>(() => copy.Found("model.safetensors")).Message);
    }

    [Fact]
    public void AFolderMayHoldOneGguf()
    {
        var gguf = Fixtures.GoldenOrSkip("gguf", "llama.gguf");
        using var copy = new GoldenCopy("llama");
        File.Copy(gguf, copy.At("any.gguf"));
        var expected = copy.Logits(gguf);
        Assert.Equal(expected, copy.Found());                         // a config.json without weights does not matter
        File.Delete(copy.At("config.json"));
        Assert.Equal(expected, copy.Found());
        Assert.Equal(FileKind.Gguf, FileKinds.Recognise(copy.Path));
        File.Copy(gguf, copy.At("second.gguf"));
        Assert.Contains("a single GGUF file", Assert.Throws<NotSupportedException>(() => copy.Found()).Message);
    }

    /// <summary>rope_theta and rope_scaling beside the rest, or rope_parameters with both in it.</summary>
    [Theory]
    [InlineData("llama")]
    [InlineData("llama3-rope")]
    public void RopeIsSpelledInTwoWays(string folder)
    {
        using var copy = new GoldenCopy(folder);
        Safetensors.Write(copy.At("model.safetensors"), copy.Tensors);
        var config = Checkpoint.ReadJson(copy.At("config.json"));
        if (config["rope_parameters"] is { } newer)
        {
            config.Remove("rope_parameters");
            config["rope_theta"] = newer["rope_theta"]!.DeepClone();
            if (newer["rope_type"]!.ToString() != "default") config["rope_scaling"] = newer.DeepClone();
        }
        else
        {
            var parameters = config["rope_scaling"]?.DeepClone().AsObject() ?? new() { ["rope_type"] = "default" };
            parameters["rope_theta"] = config["rope_theta"]!.DeepClone();
            config.Remove("rope_theta");
            config.Remove("rope_scaling");
            config["rope_parameters"] = parameters;
        }
        File.WriteAllText(copy.At("config.json"), config.ToJsonString());
        Assert.Equal(copy.Expected(), copy.Found());
    }
}
