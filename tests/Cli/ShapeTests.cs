using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Dayu.Tests;

/// <summary>Sizes of models that are not there, as a user asks for them.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void ANamedShapeIsShown()
    {
        var shown = Caller.Do("show", "shape:gpt3-175b");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Matches(@"(?s)parameters +175 B \(174,604,259,328\)\n.*3\.14e23.*\nq8_0 +186 GB\n", shown.Out);
        Assert.Matches(@"attn\.c_attn\.weight +\[36864,12288\] +96 +43,486,543,872\n", shown.Out);
        var json = Caller.Do("show", "gpt2", "--json").Json;
        Assert.Equal("v shape family source note parameters table_parameters context layers width heads kv_heads vocabulary tensors "
            + "weights cache state_bytes training_bytes activation_bytes tokens forward training six_n published config", Ran.KeysOf(json));
        Assert.Equal(124_439_808, (long)json["parameters"]!);
        Assert.Equal(124_439_808, json["tensors"]!.AsArray().Sum(t => (long)t!["parameters"]!));
        Assert.Equal(2 * 12 * 768 * 2 * 1024, (long)json["cache"]!.AsArray().Single(c => (string)c!["format"]! == "f16")!["bytes"]!);
    }

    [Fact]
    public void TableTwoPointOneIsSaidToContradictItself()
    {
        Caller.Do("show", "shape:gpt3-xl").Says("16 heads of 128");
        Caller.Do("show", "shape:gpt3-13b").Says("5120");
    }

    [Fact]
    public void ShapesAreListedAndMistypedOnesMeant()
    {
        var listed = Caller.Do("show", "shape:", "--json").Json["shapes"]!.AsArray();
        Assert.Contains(listed, s => (string)s!["name"]! == "gpt3-175b" && (long)s["parameters"]! == 174_604_259_328);
        Caller.Do("show", "shape:gpt2-x1").Warns("gpt2-xl");
        var (unknown, mistyped) = (Caller.Do("show", "shape:nothing"), Caller.Do("show", "gpt2-x1"));
        Assert.Equal(3, unknown.Code);
        unknown.Warns("DAYU-3021");
        mistyped.Warns("shape:gpt2-xl");
        Caller.Do("show", "nowhere").Warns("DAYU-3001");
        Caller.Do("show", "qwen2.5-0.5b").Warns("dayu pull qwen2.5-0.5b");
    }

    /// <summary>A path counts before a shape; a configuration of one's own is a shape, too.</summary>
    [Fact]
    public void FilesAreNamedFirst()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["gpt2"], "no model");
        var caller = new Caller { Folder = folder.Path };
        Assert.NotEqual(0, caller.Run("show", "gpt2").Code);
        File.WriteAllText(folder["mine.json"], """
            { "model_type": "gpt3", "vocab_size": 100, "n_embd": 64, "n_layer": 2, "n_head": 2, "n_positions": 32 } // mine
            """);
        var mine = caller.Run("show", "shape:mine.json", "--json").Json;
        Assert.Equal(2 * (12 * 64 * 64 + 13 * 64) + (100 + 32 + 2) * 64, (long)mine["parameters"]!);
        File.WriteAllText(folder["bad.json"], "{\n  \"n_embd\" 64 }");
        caller.Run("show", "shape:bad.json").Warns("bad.json:2:12: '6' is found; a colon and a value was expected");
    }

    [Fact]
    public void AShapeIsTrained()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["dayu.json"], "{}");
        File.WriteAllText(folder["text.txt"], string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 10} and {i % 7}; ")));
        var caller = new Caller { Folder = folder.Path };
        string[] small =
            ["--set", "model.n_layer=1", "model.n_embd=64", "model.n_head=2", "model.vocab_size=128", "--window", "8", "--batch", "2"];
        var trained = caller.Run(["train", "--data", "text.txt", "--size", "gpt2", .. small, "--steps", "2", "--json"]);
        Assert.True(trained.Code == 0, trained.Error);
        var shown = caller.Run("show", (string)trained.Json["run"]!, "--json").Json;
        Assert.Equal(("gpt2", 64, 1024), ((string)shown["family"]!, (int)shown["width"]!, (int)shown["context"]!));
        var timed = caller.Run(["bench", "train", "--size", "gpt2", .. small, "-r", "1", "--precision", "float32", "--json"]);
        Assert.True(timed.Code == 0, timed.Error);
        Assert.Equal((long)shown["parameters"]!, (long)timed.List[0]!["parameters"]!);
    }

    [Theory]
    [InlineData("DAYU-4010", "--size", "gpt3-175b")]
    [InlineData("training llama (", "--depth", "100")]
    [InlineData("training lstm (", "--set", """model={"model_type": "lstm", "embedding_size": 64, "hidden_size": 60000}""")]
    [InlineData("both directions", "--size", "bert-base")]
    [InlineData("model.shape is 'nothing'", "--set", "model.shape=nothing")]
    [InlineData("expected one of them", "--set", "model.shape=gpt2", "model.depth=3")]
    [InlineData("2048 tokens of a window", "--size", "gpt2", "--window", "2048", "-b", "1")]
    public void WhatCannotBeTrainedIsSaid(string said, params string[] args)
    {
        var ran = new Caller { Memory = 64L << 30 }.Run(["bench", "train", "-r", "1", .. args]);
        Assert.True(ran.Code is 2 or 4, ran.Out + ran.Error);
        ran.Warns(said);
    }

    /// <summary>The averages of weights are one more copy: 174.6 billion times four bytes.</summary>
    [Fact]
    public void AveragesOfWeightsTakeMemory()
    {
        Assert.InRange(Terabytes("--set", "optimizer.ema=0.99") - Terabytes(), 0.6, 0.8);

        static double Terabytes(params string[] more)
        {
            var ran = new Caller { Memory = 64L << 30 }.Run(["bench", "train", "--size", "gpt3-175b", .. more]);
            return double.Parse(Regex.Match(ran.Error, @"takes (\S+) TB").Groups[1].Value, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void ModelsAreDrawnToOneScale()
    {
        using var folder = new TempFolder();
        var ran = Caller.Do("explain", "scale", "smollm2-135m", "--out", folder["scale.svg"]);
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Matches(@"(?s)gpt1 +116,534,784 .* 1/1,498\n.*→ +smollm2-135m .*\ngpt1 +1/1,498\n.*\ngpt3-175b +█{48}\n", ran.Out);
        var svg = XDocument.Load(folder["scale.svg"]).Descendants();
        var sides = svg.Where(e => e.Name.LocalName == "rect" && e.Elements().Any())
            .ToDictionary(e => e.Value.Split(':')[0], e => (double)e.Attribute("width")!);
        Assert.Equal(174_604_259_328 / 116_534_784.0, Math.Pow(sides["gpt3-175b"] / sides["gpt1"], 2), tolerance: 3);
        Assert.Contains("1/1,498", svg.First(e => e.Name.LocalName == "desc").Value, StringComparison.Ordinal);
        var models = Caller.Do("explain", "scale", "--json").Json["models"]!.AsArray();
        Assert.Equal(["tiny", "gpt1", "gpt2-xl", "gpt3-175b"], models.Select(m => (string)m!["name"]!));
        Assert.Equal([true, false, false, false], models.Select(m => (bool)m!["own"]!));
        Assert.Equal(3, Caller.Do("explain", "scale", "nowhere").Code);
        Assert.Equal(8_030_261_248, (long)One("llama3.1-8b"));

        static long One(string name) => (long)Caller.Do("explain", "scale", name, "--json").Json["models"]![2]!["parameters"]!;
    }

    [Fact]
    public void AModelAtHandIsDrawn()
    {
        var models = Caller.Do("explain", "scale", TestModels.Stories, "gpt1", "--json").Json["models"]!.AsArray();
        Assert.Equal(["stories260K.bin", "gpt1", "gpt2-xl", "gpt3-175b"], models.Select(m => (string)m!["name"]!));
        Assert.Equal([true, true, false, false], models.Select(m => (bool)m!["own"]!));
    }
}
