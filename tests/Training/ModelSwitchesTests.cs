using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Each switch of a recipe's model: the family it leads to, and that it does what it says and nothing else.</summary>
public sealed class ModelSwitchesTests : IDisposable
{
    readonly CpuBackend on = new(2, exact: true);

    public void Dispose() => on.Dispose();

    static JsonObject Config(string options) =>
        RecipeModel.Config((JsonObject)JsonNode.Parse($$"""{ "size": "tiny", {{options}} }""")!, vocabulary: 61, context: 32);

    /// <summary>Logits of a model whose weights are drawn by their paths: the same where it has the same ones.</summary>
    float[] Logits(JsonObject config, Action<LoadedModel>? change = null)
    {
        using var model = LoadedModel.Create(config, on, seed: 3, train: false, gain: 4);
        change?.Invoke(model);
        using var arena = new Arena(on);
        var pass = new Pass(arena, [5, 17, 3, 17, 60]) { SelectedRows = Pass.Every(5) };
        return model.As<ICausalLm>().Forward(pass).ToArray();
    }

    [Theory]
    [InlineData("\"depth\": 2", "llama"), InlineData("\"qk_norm\": true", "qwen3"), InlineData("\"zero_init_outputs\": true", "llama")]
    [InlineData("\"relu_squared\": true", "modded-gpt"), InlineData("\"value_embeddings\": true", "modded-gpt")]
    [InlineData("\"final_logit_softcapping\": 15, \"qk_norm\": true", "modded-gpt"), InlineData("\"relu_squared\": false", "llama")]
    public void TheFamilyIsTheMostWidelyKnownThatHasIt(string options, string family) =>
        Assert.Equal(family, Families.Of(Config(options.Replace("\"depth\"", "\"num_hidden_layers\""))).Name);

    [Fact]
    public void WithEverySwitchOffItIsLlamaAndWithNormsQwen3()
    {
        var off = Config("\"final_logit_softcapping\": 1000000");
        off["final_logit_softcapping"] = null;
        Assert.Equal(Logits(Config("\"num_hidden_layers\": 4")), Logits(off));
        off["qk_norm"] = true;
        off["rms_norm_eps"] = 1e-5;
        Assert.Equal(Logits(Config("\"qk_norm\": true")), Logits(off));
    }

    [Fact]
    public void ASoftcapBoundsLogitsAndIsTheirHyperbolicTangent()
    {
        var (plain, capped) = (Logits(Config("\"num_hidden_layers\": 4")), Logits(Config("\"final_logit_softcapping\": 0.5")));
        for (var i = 0; i < plain.Length; i++) Assert.Equal(0.5 * Math.Tanh(plain[i] / 0.5), capped[i], 1e-5);
    }

    [Fact]
    public void ValueEmbeddingsAreAddedToTheValuesOfTheirTokens()
    {
        static void Clear(LoadedModel m, string name)
        {
            foreach (var w in m.Weights.Values.Where(w => w.Path.Contains(name, StringComparison.Ordinal)))
                w.Tensor.Set(new float[w.Tensor.Shape.Count]);
        }
        var config = Config("\"value_embeddings\": true");
        Assert.Equal(Logits(Config("\"num_hidden_layers\": 4")), Logits(config, m => Clear(m, "value_embed")));
        Assert.NotEqual(Logits(config, m => Clear(m, "value_embed")), Logits(config));
        using var model = LoadedModel.Create(config, on, seed: 3, train: false);
        Assert.Equal(["model.layers.0.self_attn.value_embed.weight", "model.layers.2.self_attn.value_embed.weight"],
            model.Weights.Keys.Where(k => k.Contains("value_embed", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void ZeroedOutputsMakeEveryBlockDoNothingAtFirst()
    {
        using var model = LoadedModel.Create(Config("\"zero_init_outputs\": true"), on, seed: 3);
        foreach (var (path, w) in model.Weights)
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
                w.Tensor.ToArray().All(v => v == 0));
    }

    [Fact]
    public void ReluSquaredHasAsManyWeightsAndLearns()
    {
        using var model = LoadedModel.Create(Config("\"relu_squared\": true, \"value_embeddings\": true, \"qk_norm\": true"), on, seed: 3);
        using var llama = LoadedModel.Create(Config("\"num_hidden_layers\": 4"), on, seed: 3);
        Assert.InRange(model.Parameters / (double)llama.Parameters, 1, 1.05);
        using var parameters = new Parameters(model);
        using var trainer = new Trainer(model, new AdamW(parameters, new()), new(ScheduleKind.Constant, 3e-3, 20, 0),
            new RandomWindows([.. Enumerable.Range(0, 400).Select(i => i * i % 61)], 16, 4, 1), new());
        var first = trainer.Step().Loss;
        for (var i = 0; i < 18; i++) trainer.Step();
        Assert.True(trainer.Step().Loss < first - 1);
    }

    [Theory]
    [InlineData("\"qk_norm\": 1", "model.qk_norm is 1, expected true or false")]
    [InlineData("\"final_logit_softcapping\": -3", "a number above 0")]
    [InlineData("\"qk_nrom\": true", "model.qk_nrom is nothing that this model has")]
    public void WhatIsNoSwitchIsSaid(string options, string says) =>
        Assert.Contains(says, Assert.Throws<RecipeException>(() => Config(options)).Message);
}
