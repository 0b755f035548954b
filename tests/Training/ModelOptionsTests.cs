            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",using System.Text.Json.Nodes;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",using Dayu.Cpu;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",using Dayu.Models;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",using Dayu.Tensors;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",using Dayu.Training;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",namespace Dayu.Tests;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",/// <summary>Each switch of a recipe's model: the family it leads to, and that it does what it says and nothing else.</summary>
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",public sealed class ModelOptionsTests : IDisposable
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",{
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    readonly CpuBackend on = new(2, exact: true);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void Dispose() => on.Dispose();
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    static JsonObject Config(string options) =>
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        ModelSize.Config((JsonObject)JsonNode.Parse($$"""{ "size": "tiny", {{options}} }""")!, vocabulary: 61, context: 32);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    /// <summary>Logits of a model whose weights are drawn by their paths: the same where it has the same ones.</summary>
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    float[] Logits(JsonObject config, Action<LoadedModel>? change = null)
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var model = LoadedModel.Create(config, on, seed: 3, train: false, gain: 4);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        change?.Invoke(model);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var arena = new Arena(on);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        var pass = new Pass(arena, [5, 17, 3, 17, 60]) { SelectedRows = Pass.Every(5) };
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        return model.As<ICausalLm>().Forward(pass).ToArray();
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Theory]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [InlineData("\"depth\": 2", "llama"), InlineData("\"qk_norm\": true", "qwen3"), InlineData("\"zero_init_outputs\": true", "llama")]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [InlineData("\"relu_squared\": true", "modded-gpt"), InlineData("\"value_embeddings\": true", "modded-gpt")]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [InlineData("\"final_logit_softcapping\": 15, \"qk_norm\": true", "modded-gpt"), InlineData("\"relu_squared\": false", "llama")]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void TheFamilyIsTheMostWidelyKnownThatHasIt(string options, string family) =>
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.Equal(family, Families.Of(Config(options.Replace("\"depth\"", "\"num_hidden_layers\""))).Name);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Fact]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void WithEverySwitchOffItIsLlamaAndWithNormsQwen3()
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        var off = Config("\"final_logit_softcapping\": 1000000");
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        off["final_logit_softcapping"] = null;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.Equal(Logits(Config("\"num_hidden_layers\": 4")), Logits(off));
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        off["qk_norm"] = true;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        off["rms_norm_eps"] = 1e-5;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.Equal(Logits(Config("\"qk_norm\": true")), Logits(off));
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Fact]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void ASoftcapBoundsLogitsAndIsTheirHyperbolicTangent()
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        var (plain, capped) = (Logits(Config("\"num_hidden_layers\": 4")), Logits(Config("\"final_logit_softcapping\": 0.5")));
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        for (var i = 0; i < plain.Length; i++) Assert.Equal(0.5 * Math.Tanh(plain[i] / 0.5), capped[i], 1e-5);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Fact]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void ValueEmbeddingsAreAddedToTheValuesOfTheirTokens()
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        static void Clear(LoadedModel m, string name)
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",            foreach (var w in m.Weights.Values.Where(w => w.Path.Contains(name, StringComparison.Ordinal)))
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",                w.Tensor.Set(new float[w.Tensor.Shape.Count]);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        var config = Config("\"value_embeddings\": true");
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.Equal(Logits(Config("\"num_hidden_layers\": 4")), Logits(config, m => Clear(m, "value_embed")));
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.NotEqual(Logits(config, m => Clear(m, "value_embed")), Logits(config));
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var model = LoadedModel.Create(config, on, seed: 3, train: false);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.Equal(["model.layers.1.self_attn.value_embed.weight", "model.layers.3.self_attn.value_embed.weight"],
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",            model.Weights.Keys.Where(k => k.Contains("value_embed", StringComparison.Ordinal)).Order());
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Fact]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void ZeroedOutputsMakeEveryBlockDoNothingAtFirst()
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var model = LoadedModel.Create(Config("\"zero_init_outputs\": true"), on, seed: 3);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        foreach (var (path, w) in model.Weights)
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",|| path.EndsWith("down_proj.weight", StringComparison.Ordinal),
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",                w.Tensor.ToArray().All(v => v == 0));
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Fact]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void ReluSquaredHasAsManyWeightsAndLearns()
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    {
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var model = LoadedModel.Create(Config("\"relu_squared\": true, \"value_embeddings\": true, \"qk_norm\": true"), on, seed: 3);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var llama = LoadedModel.Create(Config("\"num_hidden_layers\": 4"), on, seed: 3);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.InRange(model.Parameters / (double)llama.Parameters, 1, 1.05);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var parameters = new Parameters(model);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        using var trainer = new Trainer(model, new AdamW(parameters, new()), new(ScheduleKind.Constant, 3e-3, 20, 0),
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",            new RandomWindows([.. Enumerable.Range(0, 400).Select(i => i * i % 61)], 16, 4, 1), new());
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        var first = trainer.Step().Loss;
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        for (var i = 0; i < 18; i++) trainer.Step();
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.True(trainer.Step().Loss < first - 1);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    }
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [Theory]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [InlineData("\"qk_norm\": 1", "model.qk_norm is 1, expected true or false")]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [InlineData("\"final_logit_softcapping\": -3", "a number above 0")]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    [InlineData("\"qk_nrom\": true", "model.qk_nrom is nothing that this model has")]
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",    public void WhatIsNoSwitchIsSaid(string options, string says) =>
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",        Assert.Contains(says, Assert.Throws<RecipeException>(() => Config(options)).Message);
            Assert.Equal(path.Split('.')[^2] is "o_proj" or "down_proj",}
