using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Trainings by preferences: margins grow, parts are the whole, the reference is that of the start; what lines may be.</summary>
public sealed class PreferenceRunTests : IDisposable
{
    static readonly string[] texts = [string.Join('\n', Enumerable.Range(0, 24).Select(Line))];

    readonly TinyRun tiny = new();

    static string Line(int i) =>
        $$"""{"prompt": "{{i}} and {{i * 7 % 10}}? ", "chosen": "yes {{i % 10}}", "rejected": "no {{i * 3 % 10}}"}""";

    static Recipe Recipe(params (string Key, string Value)[] more) => TinyRun.Recipe("null", "[\"pairs.jsonl\"]",
        [("start", $"\"{Fixtures.GoldenOrSkip("llama")}\""), ("data.kind", "preference"), .. more]);

    [Theory]
    [InlineData("dpo", "null")]
    [InlineData("ipo", "{ \"rank\": 4 }")]
    public void MarginsGrow(string loss, string adapter)
    {
        var run = tiny.Begun("run", texts);
        var recipe = Recipe(("preference", $$"""{ "loss": "{{loss}}", "beta": 0.1 }"""), ("adapter", adapter));
        TinyRun.GoOn(run, recipe, texts);
        JsonObject[] lines = [.. RunFolder.Read(run.MetricsPath)];
        double[] losses = [.. lines.Where(l => l.ContainsKey("loss")).Select(l => (double)l["loss"]!)];
        Assert.Equal(loss == "dpo" ? Math.Log(2) : 25, losses[0], 1e-3);         // policy and reference are the same: margin 0
        Assert.True(losses[^1] < 0.9 * losses[0], $"{losses[0]} → {losses[^1]}");
        var accuracy = lines.Where(l => l.ContainsKey("accuracy")).Select(l => (double)l["accuracy"]!).ToArray();
        Assert.True(accuracy[^1] > 0.7, $"{accuracy[0]} → {accuracy[^1]}");
        Assert.InRange((double)lines.Last(l => l.ContainsKey("validation_accuracy"))["validation_accuracy"]!, 0.5, 1);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("{ \"rank\": 4 }", "0.9")]
    public void InPartsItIsTheSameToTheBit(string adapter, string ema)
    {
        var (whole, parts) = tiny.Twice(Recipe(("adapter", adapter), ("optimizer.ema", ema)), texts);
        Assert.Equal(whole, parts);
    }

    /// <summary>The reference is kept; without it a training does not go on against another.</summary>
    [Fact]
    public void ReferenceThatIsGoneIsTold()
    {
        var run = tiny.Begun("run", texts);
        TinyRun.GoOn(run, Recipe(), texts, until: 3);
        var file = Path.Combine(run.Path, "reference.safetensors");
        using (var kept = Safetensors.Open(file)) Assert.Equal(["0.training", "0.validation"], kept.Entries.Keys.Order());
        File.Delete(file);
        Throws.Saying<RunException>("reference.safetensors", () => TinyRun.GoOn(run, Recipe(), texts));
    }

    /// <summary>TRL's forms come to the same: texts, messages, a prompt that both conversations begin with.</summary>
    [Fact]
    public void FormsOfALineAreTheSamePair()
    {
        string[] forms =
        [
            """{"prompt": "a?", "chosen": "b", "rejected": "c"}""",
            """{"messages": [{"role": "user", "content": "a?"}], "chosen": "b", "rejected": "c"}""",
            """
            {"prompt": [{"role": "user", "content": "a?"}], "chosen": [{"role": "assistant", "content": "b"}],
             "rejected": [{"role": "assistant", "content": "c"}]}
            """,
            """
            {"chosen": [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "b"}],
             "rejected": [{"role": "user", "content": "a?"}, {"role": "assistant", "content": "c"}]}
            """,
        ];
        var tokenizer = TokenizerFiles.Open(tiny.Begun("run", ["abc? user assistant: "]).TokenizerPath);
        var encoder = new PairEncoder(tokenizer, new(tokenizer, ChatTemplate.Parse(TinyRun.Template)));
        foreach (var form in forms)
        {
            var pair = encoder.Encode(PairEncoder.Read("x:1", JsonNode.Parse(form)!.AsObject()));
            Assert.Equal(["b</s>", "c</s>"], pair.Select(d => tokenizer.Decode(d.Ids.Where((_, t) => d.Learnt![t]))));
            Assert.All(pair, d => Assert.StartsWith("<s>user: a?</s>", tokenizer.Decode(d.Ids), StringComparison.Ordinal));
        }
        var plain = new PairEncoder(tokenizer, null);
        var texts = plain.Encode(PairEncoder.Read("x:1", JsonNode.Parse(forms[0])!.AsObject()));
        Assert.Equal(["a?b", "a?c"], texts.Select(d => tokenizer.Decode(d.Ids)));
        Assert.Throws<DocumentException>(() => plain.Encode(PairEncoder.Read("x:1", JsonNode.Parse(forms[1])!.AsObject())));
    }

    [Theory]
    [InlineData("""{"prompt": "a", "chosen": "b"}""", "no rejected")]
    [InlineData("""{"prompt": "a", "chosen": [{"content": "b"}], "rejected": "c"}""", "no chosen")]
    [InlineData("""{"chosen": "b", "rejected": "c"}""", "neither a prompt")]
    [InlineData("[]", "no JSON object")]
    public void WhatIsNoPairIsLeftOutAlone(string line, string said)
    {
        var read = SourceText.Of(new() { Path = "p.jsonl" }, SourceKind.Preference, Line(1) + "\n" + line);
        Assert.Single(read.Documents);
        Assert.Contains(said, Assert.Single(read.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void PairsStayWhole()
    {
        using var on = new CpuBackend(1, exact: true);
        var recipe = Recipe();
        using var run = new TrainingRun(tiny.Begun("run", texts), recipe, TrainingSources.Of(recipe.Data, texts), on, TimeProvider.System);
        var source = Assert.Single(run.Data.Sources);
        Assert.True(source.IsPairs && source.Training.Count % 2 == 0 && source.Validation.Count == 6, $"{source.Validation.Count}");
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(7, run.Data.Batches.At(i).Starts.Length));      // three pairs
        Assert.All(run.Data.Held(source), b => Assert.Equal(1, b.Starts.Length % 2));
    }

    public void Dispose() => tiny.Dispose();
}
