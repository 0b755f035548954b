using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>A GGUF file in another number format is the same model, a little rounded.</summary>
public sealed class QuantizeTests
{
    const string Keys = "v path to pure tensors formats fallbacks bytes_before bytes_after bits_per_weight_before"
        + " bits_per_weight_after seconds tok_s_before tok_s_after quality";

    [Theory]
    [InlineData("llama.Q4_0.gguf", "q8_0"), InlineData("llama.F16.gguf", "q8_0"),
     InlineData("llama.BF16.gguf", "q4_0"), InlineData("llama.gguf", "q4_1"), InlineData("gpt2.gguf", "q8_0"),
     InlineData("llama.Q8_0.gguf", "f32"), InlineData("llama.gguf", "q5_0"), InlineData("llama.gguf", "q2_k"),
     InlineData("llama.Q8_0.gguf", "q4_k"), InlineData("llama.IQ2_XXS.gguf", "q6_k"),
     InlineData("llama.F16.gguf", "iq4_nl"), InlineData("llama.gguf", "mxfp4")]
    public void ValuesStayNear(string name, string to)
    {
        using var folder = new TempFolder();
        var path = Fixtures.GoldenOrSkip("gguf", name);
        var ran = Caller.Do("quantize", path, "--to", to, "-o", folder["out.gguf"], "--no-speed", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(Keys, ran.Keys);
        using var before = GgufFile.Open(path);
        using var after = GgufFile.Open(folder["out.gguf"]);
        Assert.Equal(before.Tensors.Entries.Keys, after.Tensors.Entries.Keys);
        foreach (var key in before.Metadata.Keys.Except(["general.file_type", "general.quantization_version"]))
            Assert.True(before.Metadata.Raw(key).SequenceEqual(after.Metadata.Raw(key)), key);
        var formats = ran.Json["formats"]!.AsArray().ToDictionary(f => (string)f!["name"]!, f => ((int)f!["tensors"]!, (long)f["bytes"]!));
        var found = after.Tensors.Entries.Values.GroupBy(t => t.DType.Name);
        Assert.Equal(found.ToDictionary(g => g.Key, g => (g.Count(), g.Sum(t => t.Bytes))), formats);
        foreach (var (tensor, was) in before.Tensors.Entries)
        {
            var now = after.Tensors[tensor];
            Assert.Equal(was.Shape, now.Shape);
            if (was.Shape.Rank == 1) Assert.Equal(DType.F32, now.DType);
            if (ran.Json["fallbacks"]![tensor] is { } other) Assert.Equal((string)other!, now.DType.Name);
            var (a, b) = (Values(was), Values(now));
            var tolerance = a.Max(MathF.Abs) * Tolerance(to);
            for (var i = 0; i < a.Length; i++) Assert.InRange(b[i], a[i] - tolerance, a[i] + tolerance);
        }
        var matrices = before.Tensors.Entries.Values.Count(t => t.Shape.Rank > 1 && t.Name != "position_embd.weight");
        Assert.Equal(matrices, (int)ran.Json["tensors"]!);
    }

    /// <summary>Of the largest value of a tensor.</summary>
    static float Tolerance(string format) => format switch
    {
        "f32" => 0.001f,
        "q8_0" => 0.006f,
        "q6_k" => 0.04f,
        "q5_0" => 0.07f,
        "q2_k" => 0.4f,
        "mxfp4" => 0.26f,
        _ => 0.14f,
    };

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
        Assert.Equal(0, Caller.Do("quantize", TestModels.Gguf, "--to", "q8_0", "-o", folder["out.gguf"], "-y", "--no-speed").Code);
        Assert.Equal(2, Caller.Do("quantize", folder["out.gguf"], "--to", "q4_0", "-o", folder["out.gguf"], "-y", "--no-speed").Code);
    }

    /// <summary>As llama.cpp does (llama-quant.cpp, <c>tensor_type_fallback</c>).</summary>
    [Theory]
    [InlineData("q8_0", "q8_0", "f16", 7), InlineData("q4_0", "q4_0", "f16", 2),
     InlineData("q2_k", "q4_0", "f16", 10), InlineData("q3_k", "q4_0", "f16", 12),
     InlineData("q4_k", "q5_0", "f16", 15), InlineData("q5_k", "q5_1", "f16", 17),
     InlineData("q6_k", "q8_0", "f16", 18), InlineData("iq4_nl", "iq4_nl", "f16", 25),
     InlineData("bf16", "bf16", "bf16", 32)]
    public void MatricesThatDoNotFitGetAnotherFormatAndAreNamed(string to, string of64, string of40, int fileType)
    {
        using var folder = new TempFolder();
        var values = Enumerable.Range(0, 256 * 40).Select(i => MathF.Sin(i)).ToArray();
        new GgufWriter().Add("general.architecture", "llama")
            .Add(TensorSource.Of("whole.weight", DType.F32, new(40, 256), values))
            .Add(TensorSource.Of("a.weight", DType.F32, new(160, 64), values))
            .Add(TensorSource.Of("b.weight", DType.F32, new(256, 40), values))
            .Save(folder["in.gguf"]);
        var ran = Caller.Do("quantize", folder["in.gguf"], "--to", to, "-o", folder["out.gguf"], "--no-speed", "--json");
        using var after = GgufFile.Open(folder["out.gguf"]);
        string[] given = [.. ((string[])["whole", "a", "b"]).Select(name => after.Tensors[$"{name}.weight"].DType.Name)];
        Assert.Equal([to, of64, of40], given);
        Assert.Equal((3, fileType), ((int)ran.Json["tensors"]!, after.Metadata.Int("general.file_type")));
        var expected = new[] { ("a.weight", of64), ("b.weight", of40) }.Where(f => f.Item2 != to);
        Assert.Equal(expected, ran.Json["fallbacks"]!.AsObject().Select(f => (f.Key, (string)f.Value!)));
        Assert.All(expected, f => Assert.Matches($"written as {f.Item2}, .*: .*{f.Item1}", ran.Error));
    }

    [Fact]
    public void AFormatThatIsOnlyReadIsNotOffered()
    {
        var ran = Caller.Do("quantize", TestModels.Gguf, "--to", "iq2_xxs", "-o", "out.gguf");
        Assert.Equal(2, ran.Code);
        Assert.Contains("q2_k", ran.Error, StringComparison.Ordinal);
    }
}
