using Dayu.Models;
using static Dayu.Tests.ReportModels;

namespace Dayu.Tests;

/// <summary>Models that other programs were reported to read wrongly, or not at all.</summary>
public sealed class ModelReportsTests
{
    [Theory]
    [InlineData("json-infinity-duplicates/inf"), InlineData("json-infinity-duplicates/dup"), InlineData("config-forms/arch_base"),
     InlineData("config-forms/floatint"), InlineData("config-forms/qkvbias"), InlineData("config-forms/slwin"),
     InlineData("config-forms/swish")]
    public void SaysTheSameAsInPlainWords(string folder) => Assert.Equal(Logits(Plain), Logits(At(folder)));

    [Theory]
    [InlineData("safetensors-metadata-null/st_null"), InlineData("weights-and-keys/noprefix_tied"), InlineData("gguf-forms/zerod.gguf"),
     InlineData("weights-and-keys/sw0.gguf")]
    public void Loads(string path) => Assert.All(Logits(At(path)), x => Assert.True(float.IsFinite(x)));

    [Fact]
    public void AFactorWithoutATypeIsLinear()
    {
        var typed = Logits(At("gguf-rope-factor/typed.gguf"));
        Assert.Equal(typed, Logits(At("gguf-rope-factor/factor.gguf")));
        Assert.NotEqual(typed, Logits(At("gguf-rope-factor/none.gguf")));
    }

    [Fact]
    public void AWindowOfZeroIsNone() =>
        Assert.Equal(Logits(At("gguf-rope-factor/none.gguf")), Logits(At("weights-and-keys/sw0.gguf")));

    [Fact]
    public void TheFactorOnAttentionCounts() =>
        Assert.NotEqual(Logits(At("weights-and-keys/yarn.gguf")), Logits(At("weights-and-keys/yarnattn.gguf")));

    [Fact]
    public void LinearWithoutAFactorNamesTheKey() =>
        Throws.Saying<InvalidDataException>("its key 'factor' is missing", () => Open(At("config-forms/r_linnofac")));

    [Theory]
    [InlineData("gguf-forms/experts.gguf", "a mixture of experts (llama, 4 experts)"),
     InlineData("foreign-formats/gptq", "quantised as GPTQ")]
    public void WhatCannotBeReadIsNamed(string path, string says) => Throws.Saying<NotSupportedException>(says, () => Open(At(path)));

    [Fact]
    public void AnAdapterAloneNamesItsModel() => Throws.Saying<AdapterAloneException>(
        "a PEFT adapter ('LORA' of the model 'x/y'), not a model; name the model", () => Open(At("foreign-formats/peft")));

    [Theory]
    [InlineData("run {0} hi"), InlineData("run {0} hi --samples 2"), InlineData("chat {0}"), InlineData("eval perplexity {0} --data {1}"),
     InlineData("eval lambada {0} --data {1}"), InlineData("eval kl {0} --against exact --data {1}"),
     InlineData("eval kl {2} --against {0} --data {1}"), InlineData("explain probs {0} --text hi"),
     InlineData("embed -m {0} hi")]
    public void LogitsThatAreNoNumbersAreNoAnswer(string line)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["t.txt"], "abc abc def\n");
        var words = line.Split(' ').Select(w => string.Format(w, At("nan-weights/nan"), folder["t.txt"], Plain));
        var ran = new Caller { Input = "hi\n" }.Run([.. words]);
        Assert.True(ran.Code == 1, ran.Error);
        ran.Warns("DAYU-1006");
        Assert.DoesNotContain("NaN", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatAreNoNumbersAreNotQuantised()
    {
        using var folder = new TempFolder();
        var ran = Caller.Do("quantize", At("nan-weights/nan"), "--to", "q8_0", "-o", folder["o.gguf"]);
        Assert.Equal(7, ran.Code);
        ran.Warns("DAYU-7750: tensor output_norm.weight, row 0, column 3: the weight is NaN");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
