using Dayu.Models;

namespace Dayu.Tests;

/// <summary>Published sizes come out: exact where reference implementations give them, else as papers round them.</summary>
public sealed class NamedShapesTests
{
    static ModelShape Shape(string name) => ModelShape.Of(NamedShapes.Find(name)!.Config);

    /// <summary>What num_parameters() of Hugging Face's classes says of the published models.</summary>
    [Theory]
    [InlineData("gpt1", 116_534_784)]
    [InlineData("gpt2", 124_439_808)]
    [InlineData("gpt2-medium", 354_823_168)]
    [InlineData("gpt2-large", 774_030_080)]
    [InlineData("gpt2-xl", 1_557_611_200)]
    [InlineData("bert-base", 110_106_428)]
    [InlineData("bert-large", 336_226_108)]
    [InlineData("llama2-7b", 6_738_415_616)]
    [InlineData("llama2-13b", 13_015_864_320)]
    [InlineData("llama2-70b", 68_976_648_192)]
    [InlineData("llama-65b", 65_285_660_672)]
    [InlineData("llama3.1-8b", 8_030_261_248)]
    [InlineData("llama3.1-70b", 70_553_706_496)]
    [InlineData("llama3.1-405b", 405_853_388_800)]
    [InlineData("llama3.2-1b", 1_235_814_400)]
    [InlineData("llama3.2-3b", 3_212_749_824)]
    [InlineData("tinyllama-1.1b", 1_100_048_384)]
    [InlineData("smollm2-135m", 134_515_008)]
    [InlineData("smollm2-360m", 361_821_120)]
    [InlineData("smollm2-1.7b", 1_711_376_384)]
    [InlineData("mistral-7b", 7_241_732_096)]
    [InlineData("qwen2.5-0.5b", 494_032_768)]
    [InlineData("qwen2.5-1.5b", 1_543_714_304)]
    [InlineData("qwen2.5-3b", 3_085_938_688)]
    [InlineData("qwen2.5-7b", 7_615_616_512)]
    [InlineData("qwen2.5-14b", 14_770_033_664)]
    [InlineData("qwen2.5-32b", 32_763_876_352)]
    [InlineData("qwen2.5-72b", 72_706_203_648)]
    [InlineData("qwen3-0.6b", 596_049_920)]
    [InlineData("qwen3-4b", 4_022_468_096)]
    [InlineData("qwen3-8b", 8_190_735_360)]
    [InlineData("qwen3-14b", 14_768_307_200)]
    [InlineData("qwen3-32b", 32_762_123_264)]
    public void ParametersAreThoseOfThePublishedWeights(string name, long parameters) => Assert.Equal(parameters, Shape(name).Parameters);

    /// <summary>Table D.1 of the paper: millions of parameters, and operations of training on 300 billion tokens.</summary>
    [Theory]
    [InlineData("gpt3-small", 125, 2.25e20)]
    [InlineData("gpt3-medium", 356, 6.41e20)]
    [InlineData("gpt3-large", 760, 1.37e21)]
    [InlineData("gpt3-xl", 1_320, 2.38e21)]
    [InlineData("gpt3-2.7b", 2_650, 4.77e21)]
    [InlineData("gpt3-6.7b", 6_660, 1.20e22)]
    [InlineData("gpt3-13b", 12_850, 2.31e22)]
    [InlineData("gpt3-175b", 174_600, 3.14e23)]
    public void Gpt3IsThatOfTableD1(string name, double millions, double operations)
    {
        var (named, shape) = (NamedShapes.Find(name)!, Shape(name));
        Assert.Equal(millions, shape.Parameters / 1e6, millions * 0.004);
        Assert.Equal(operations, 6.0 * shape.Parameters * named.Tokens!.Value, operations * 0.01);
        Assert.Equal(operations, named.PublishedOperations);
        Assert.Equal(2048, shape.Context);
        Assert.Equal(0, (int)named.Config["n_embd"]! % (int)named.Config["n_head"]!);
    }

    /// <summary>The two rows in which table 2.1 contradicts itself are said.</summary>
    [Fact]
    public void ContradictionsOfTheTableAreSaid()
    {
        Assert.Contains("16 heads of 128", NamedShapes.Find("gpt3-xl")!.Note!, StringComparison.Ordinal);
        Assert.Contains("5120", NamedShapes.Find("gpt3-13b")!.Note!, StringComparison.Ordinal);
        var xl = NamedShapes.Find("gpt3-xl")!.Config;
        Assert.Equal((2048, 16), ((int)xl["n_embd"]!, (int)xl["n_head"]!));
        Assert.Equal(5120, (int)NamedShapes.Find("gpt3-13b")!.Config["n_embd"]!);
        Assert.Null(NamedShapes.Find("gpt3-175b")!.Note);
    }

    /// <summary>The encoder that Hugging Face calls bert-base-uncased: without the heads.</summary>
    [Theory]
    [InlineData("bert-base", 109_482_240)]
    [InlineData("bert-large", 335_141_888)]
    public void BertWithoutHeads(string name, long parameters) => Assert.Equal(parameters,
        Shape(name).Weights.Where(w => w.Path.StartsWith("bert.", StringComparison.Ordinal)).Sum(w => w.Shape.Count));

    /// <summary>Zaremba et al. 2014 speak of 20 and 66 million; PyTorch keeps two biases, theirs has one.</summary>
    [Theory]
    [InlineData("lstm-medium", 20)]
    [InlineData("lstm-large", 66)]
    public void LstmsAreThoseOfThePaper(string name, double millions) => Assert.Equal(millions, Shape(name).Parameters / 1e6, 0.5);

    [Fact]
    public void EveryShapeHasANameOfItsOwnAndASource()
    {
        Assert.Equal(NamedShapes.All.Count, NamedShapes.All.Select(s => s.Name).Distinct().Count());
        Assert.All(NamedShapes.All, s => Assert.True(s.Source.Length > 0 && ModelShape.Of(s.Config).Parameters > 1e6, s.Name));
        Assert.Equal((12, 768), OwnShapes.Find("depth-12"));
        Assert.All(["depth-0", "depth-257", "depth-x", "depth", "gpt5"], name => Assert.Null(NamedShapes.Find(name)));
    }
}
