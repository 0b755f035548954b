using Dayu.Models;

namespace Dayu.Tests;

/// <summary>A weight that is no number, or too large for its format, is not quantised: wherever it comes from, wherever it lies.</summary>
public sealed class NonFiniteWeightsTests
{
    /// <summary>Puts a float32 into a weight, by what it was: bytes that the file has once.</summary>
    static void Change(string path, TensorFile file, string tensor, long index, float value)
    {
        var was = new byte[16];
        unsafe { new ReadOnlySpan<byte>((byte*)file[tensor].Address + 4 * index, 16).CopyTo(was); }
        file.Dispose();
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().IndexOf(was);
        Assert.True(at > 0 && bytes.AsSpan(at + 1).IndexOf(was) < 0);
        BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        File.WriteAllBytes(path, bytes);
    }

    [Theory]
    [InlineData(float.NaN, "q4_0", "DAYU-7750: tensor blk.1.ffn_down.weight, row 3, column 5: the weight is NaN")]
    [InlineData(float.NegativeInfinity, "f32", "DAYU-7750: tensor blk.1.ffn_down.weight, row 3, column 5: the weight is -")]
    [InlineData(1e6f, "f16", "DAYU-7751: tensor blk.1.ffn_down.weight, row 3, column 5: the weight is 1000000; f16 ends at 65504")]
    [InlineData(1e6f, "bf16", null)]
    public void IsRefused(float value, string to, string? says)
    {
        using var model = new QuantizeModel();
        var source = model["source.gguf"];
        Assert.Equal(0, Caller.Do("quantize", model.Path, "--to", "f32", "-o", source, "--no-speed").Code);
        Change(source, GgufFile.Open(source).Tensors, "blk.1.ffn_down.weight", 3 * 256 + 5, value);
        var safetensors = Path.Combine(model.Path, "model.safetensors");
        Change(safetensors, Safetensors.Open(safetensors), "model.layers.1.mlp.down_proj.weight", 3 * 256 + 5, value);
        foreach (var from in (string[])[source, model.Path])
        {
            var ran = Caller.Do("quantize", from, "--to", to, "-o", model["out.gguf"], "--no-speed", "--yes");
            Assert.True(ran.Code == (says is null ? 0 : 7), ran.Error);
            if (says is not null) ran.Warns(says);
            Assert.Equal(says is null, File.Exists(model["out.gguf"]));
        }
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(8), InlineData(61), InlineData(256)]
    public void EveryPlaceIsLookedAt(int length)
    {
        for (var i = 0; i < length; i++)
            foreach (var value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                var row = new float[length];
                Assert.Equal(-1, WeightRange.FirstBeyond(row, float.MaxValue));
                row[i] = value;
                row[^1] = i == length - 1 ? value : float.MaxValue;
                Assert.Equal(i, WeightRange.FirstBeyond(row, float.MaxValue));
            }
    }
}
