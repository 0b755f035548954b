using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>A GGUF file in another number format is the same model, a little rounded.</summary>
public sealed class QuantizeTests
{
    [Theory]
    [InlineData("llama.Q4_0.gguf", "q8_0"), InlineData("llama.F16.gguf", "q8_0"), InlineData("llama.BF16.gguf", "q4_0"), InlineData("llama.gguf", "q4_1"), InlineData("gpt2.gguf", "q8_0"), InlineData("llama.Q8_0.gguf", "f32")]
    public void ValuesStayNear(string name, string to)
    {
        using var folder = new TempFolder();
        var path = Fixtures.GoldenOrSkip("gguf", name);
        var ran = Caller.Do("quantize", path, "--to", to, "-o", folder["out.gguf"], "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal("v path to tensors kept bytes_before bytes_after", ran.Keys);
        using var before = GgufFile.Open(path);
        using var after = GgufFile.Open(folder["out.gguf"]);
        Assert.Equal(before.Tensors.Entries.Keys, after.Tensors.Entries.Keys);
        foreach (var key in before.Metadata.Keys.Where(k => !k.StartsWith("general.file_type", StringComparison.Ordinal) && k != "general.quantization_version"))
            Assert.True(before.Metadata.Raw(key).SequenceEqual(after.Metadata.Raw(key)), key);
        var encoded = 0;
        foreach (var (tensor, was) in before.Tensors.Entries)
        {
            var now = after.Tensors[tensor];
            Assert.Equal(was.Shape, now.Shape);
            if (was.Shape.Rank == 1) Assert.Equal(DType.F32, now.DType);
            if (now.DType.Name == to && was.Shape.Rank > 1) encoded++;
            var (a, b) = (Values(was), Values(now));
            var scale = a.Max(MathF.Abs);
            var tolerance = scale * (to is "q4_0" or "q4_1" ? 0.14f : to == "q8_0" ? 0.006f : 0.001f);
            for (var i = 0; i < a.Length; i++) Assert.InRange(b[i], a[i] - tolerance, a[i] + tolerance);
        }
        Assert.True(encoded >= (int)ran.Json["tensors"]! && encoded > 0);
    }

    static unsafe float[] Values(TensorEntry t)
    {
        var values = new float[t.Shape.Count];
        t.DType.Decode(new((void*)t.Address, (int)t.Bytes), values);
        return values;
    }

    [Fact]
    public void NothingIsReplacedUnasked()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["out.gguf"], "mine");
        var ran = Caller.Do("quantize", TestModels.Gguf, "--to", "q8_0", "-o", folder["out.gguf"]);
        Assert.Equal(2, ran.Code);
        Assert.Contains("--yes", ran.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["out.gguf"]));
        Assert.Equal(0, Caller.Do("quantize", TestModels.Gguf, "--to", "q8_0", "-o", folder["out.gguf"], "-y").Code);
        Assert.Equal(2, Caller.Do("quantize", folder["out.gguf"], "--to", "q4_0", "-o", folder["out.gguf"], "-y").Code);
    }

    [Fact]
    public void MatricesThatDoNotFitStayAndAreNamed()
    {
        using var folder = new TempFolder();
        var values = Enumerable.Range(0, 64 * 40).Select(i => MathF.Sin(i)).ToArray();
        new GgufWriter().Add("general.architecture", "llama")
            .Add(TensorSource.Of("a.weight", DType.F32, new(40, 64), values)).Add(TensorSource.Of("b.weight", DType.F32, new(64, 40), values)).Save(folder["in.gguf"]);
        var ran = Caller.Do("quantize", folder["in.gguf"], "--to", "q8_0", "-o", folder["out.gguf"], "--json");
        Assert.Equal("[\"b.weight\"]", ran.Json["kept"]!.ToJsonString());
        Assert.Contains("b.weight", ran.Error, StringComparison.Ordinal);
        using var after = GgufFile.Open(folder["out.gguf"]);
        Assert.Equal(("q8_0", "f32", 7), (after.Tensors["a.weight"].DType.Name, after.Tensors["b.weight"].DType.Name, after.Metadata.Int("general.file_type")));
    }
}
