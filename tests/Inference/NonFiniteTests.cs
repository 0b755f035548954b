using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Where a model computes no numbers, nothing is told that was made of them.</summary>
public sealed class NonFiniteTests
{
    [Theory]
    [InlineData("run -m {0} hi --cache f32", float.NaN), InlineData("explain probs {0} --text hi", float.NaN),
     InlineData("embed -m {0} hi", float.NaN), InlineData("embed -m {0} hi --pooling max", float.NaN),
     InlineData("explain attention {0} --text hello", float.NaN),
     InlineData("explain attention {0} --text hello --all", float.NaN), InlineData("explain embeddings -m {0} a b", float.NaN),
     InlineData("explain embeddings -m {0} --near a", float.NaN), InlineData("eval perplexity {0} --data {1} --cache f32", float.NaN),
     InlineData("embed -m {0} hi", float.PositiveInfinity), InlineData("explain embeddings -m {0} a b", float.NegativeInfinity)]
    public void CommandsSaySo(string line, float value)
    {
        using var model = new QuantizeModel();
        var (path, damaged) = (Path.Combine(model.Path, "model.safetensors"), model["damaged"]);
        using (var weights = Safetensors.Open(path))
            Safetensors.Write(damaged, weights.Entries.Values.Select(t => t.Name.Contains("embed", StringComparison.Ordinal)
                ? TensorSource.Of(t.Name, DType.F32, t.Shape, Enumerable.Repeat(value, (int)t.Shape.Count).ToArray())
                : TensorSource.Of(t)));
        File.Move(damaged, path, overwrite: true);
        var ran = Caller.Do([.. line.Split(' ').Select(w => string.Format(w, model.Path, model["text.txt"]))]);
        Assert.Equal((1, ""), (ran.Code, ran.Out));
        ran.Warns("DAYU-1006");
    }

    [Fact]
    public void ValuesAreCheckedOneByOne()
    {
        NonFiniteValuesException.ThrowIf("values", [0, -1, float.MaxValue]);
        var error = Assert.Throws<NonFiniteValuesException>(() => NonFiniteValuesException.ThrowIf("values", [0, float.NaN]));
        Assert.StartsWith("values are no numbers (value 1: NaN)", error.Message, StringComparison.Ordinal);
        Assert.Equal(float.NaN, error.Value);
    }
}
