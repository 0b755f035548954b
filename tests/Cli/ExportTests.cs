using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What is exported says the same as what it was exported from, and is whole or not there.</summary>
public sealed class ExportTests : IDisposable
{
    readonly QuantizeModel model = new();

    public void Dispose() => model.Dispose();

    static Ran Ok(params string[] args)
    {
        var ran = Caller.Do(["export", .. args, "--json"]);
        Assert.True(ran.Code == 0, ran.Error);
        return ran;
    }

    [Theory]
    [InlineData("f32", 0), InlineData("f16", 2e-3), InlineData("bf16", 2e-2)]
    public void AFolderHasTheModelAndItsTextAndNothingElse(string format, double near)
    {
        File.WriteAllText(Path.Combine(model.Path, "optimizer.safetensors"), "not for others");
        File.WriteAllText(Path.Combine(model.Path, "generation_config.json"), """{ "eos_token_id": 2 }""");
        var ran = Ok(model.Path, "-o", model["out"], "--dtype", format);
        string[] files = ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
        Assert.Equal(files, ran.Json["files"]!.AsArray().Select(f => (string)f!));
        using var file = Safetensors.Open(Path.Combine(model["out"], "model.safetensors"));
        Assert.All(file.Entries.Values, t => Assert.Equal(format, t.DType.Name));
        using var before = LoadedModel.Open(model.Path, new ReferenceBackend());
        using var after = LoadedModel.Open(model["out"], new ReferenceBackend());
        Golden.Close("logits", Logits(before), Logits(after), near);
        Assert.Equal(format == "f32" ? "float32" : format == "f16" ? "float16" : "bfloat16", (string?)after.Config["torch_dtype"]);
        Assert.True(JsonNode.DeepEquals(before.Config["rope_theta"], after.Config["rope_theta"]));
    }

    /// <summary>There and back again; every value is what it was.</summary>
    [Fact]
    public void AFileAndTheFolderMadeOfItHaveTheSameValues()
    {
        Ok(model.Path, "-o", model["a.gguf"]);
        Ok(model["a.gguf"], "-o", model["b"]);
        using var first = LoadedModel.Open(model.Path, new ReferenceBackend());
        using var last = LoadedModel.Open(model["b"], new ReferenceBackend());
        foreach (var (path, w) in first.Weights) Assert.Equal(w.Tensor.ToArray(), last.Weights[path].Tensor.ToArray());
        foreach (var text in (string[])["Hello 123 world", "大禹 don't\n\n  x"])
            Assert.Equal(TokenizerFiles.Open(model.Path).Encode(text), TokenizerFiles.Open(model["b"]).Encode(text));
        Assert.Equal("{{ messages[0].content }}", File.ReadAllText(Path.Combine(model["b"], "chat_template.jinja")));
    }

    [Theory]
    [InlineData("llama"), InlineData("gpt2"), InlineData("qwen3")]
    public void NumbersOfFewBitsAreDecoded(string family)
    {
        using var temp = new TempFolder();
        using (var source = LoadedModel.Open(Fixtures.GoldenOrSkip(family), new ReferenceBackend()))
            new Quantizer(ModelContent.Of(source, _ => { }), QuantMix.Find("q8_0")!).Save(temp["a.gguf"]);
        Caller.Do("export", temp["a.gguf"], "-o", temp["out"], "--dtype", "f32").Warns("no tokenizer");
        using var few = LoadedModel.Open(temp["a.gguf"], new ReferenceBackend());
        using var all = LoadedModel.Open(temp["out"], new ReferenceBackend());
        Golden.Close("logits", Logits(few), Logits(all), 1e-5);
    }

    [Fact]
    public void AnAdapterIsCopiedOrMerged()
    {
        var adapter = Fixtures.GoldenOrSkip("lora");
        var ran = Ok(adapter, "-o", model["copy"]);
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors"], ran.Json["files"]!.AsArray().Select(f => (string)f!));
        Ok(adapter, "-o", model["merged"], "--merge");
        Assert.Equal(2, Caller.Do("export", adapter, "-o", model["a.gguf"]).Code);
        Assert.Equal(2, Caller.Do("export", model.Path, "-o", model["a"], "--merge").Code);
        using var one = LoadedModel.Open(adapter, new ReferenceBackend());
        using var copy = LoadedModel.Open(model["copy"], new ReferenceBackend());
        using var merged = LoadedModel.Open(model["merged"], new ReferenceBackend());
        Assert.Equal(Logits(one), Logits(copy));
        Golden.Close("logits", Logits(one), Logits(merged), 1e-5);
        Assert.Null(merged.Adapter);
    }

    [Fact]
    public void WhatIsThereIsReplacedOnlyWhereThatIsSaidAndItIsAModel()
    {
        Ok(model.Path, "-o", model["out"]);
        var size = new FileInfo(Path.Combine(model["out"], "model.safetensors")).Length;
        var again = Caller.Do("export", model.Path, "-o", model["out"], "--dtype", "f16");
        Assert.Equal(2, again.Code);
        again.Warns("DAYU-2005");
        Assert.Equal(size, new FileInfo(Path.Combine(model["out"], "model.safetensors")).Length);
        Ok(model.Path, "-o", model["out"], "--dtype", "f16", "--yes");
        Assert.InRange(new FileInfo(Path.Combine(model["out"], "model.safetensors")).Length, size / 3, size - 1);
        Directory.CreateDirectory(Path.Combine(model["other"], "letters"));
        Caller.Do("export", model.Path, "-o", model["other"], "--yes").Warns("DAYU-2758");
        Caller.Do("export", model.Path, "-o", model.Path, "--yes").Warns("DAYU-2012");
        Caller.Do("export", model.Path, "-o", Path.GetDirectoryName(model.Path)!, "--yes").Warns("DAYU-2012");
        Assert.True(Directory.Exists(Path.Combine(model["other"], "letters")));
    }

    [Fact]
    public void AWeightThatTheFormatCannotHoldIsNamedAndNothingIsLeft()
    {
        using (var spoilt = LoadedModel.Create(Checkpoint.ReadJson(Path.Combine(model.Path, "config.json")), new ReferenceBackend(), 1))
        {
            var w = spoilt.Weights["model.layers.1.mlp.up_proj.weight"];
            var values = w.Tensor.ToArray();
            values[3 * 256 + 5] = 1e6f;
            w.Tensor.Set(values);
            spoilt.Save(model["spoilt"]);
        }
        var ran = Caller.Do("export", model["spoilt"], "-o", model["out"], "--dtype", "f16");
        Assert.Equal(7, ran.Code);
        ran.Warns("model.layers.1.mlp.up_proj.weight");
        ran.Warns("row 3, column 5");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(model["out"])!, "*out*"));
    }

    /// <summary>Neither dropped nor written as something else.</summary>
    [Fact]
    public void WhatAFileCannotSayIsRefusedByName()
    {
        var config = JsonNode.Parse("""
            { "architectures": ["ModdedGptForCausalLM"], "vocab_size": 660, "hidden_size": 32, "intermediate_size": 64,
              "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2, "max_position_embeddings": 64,
              "qk_norm": true, "relu_squared": false, "value_embeddings": true, "final_logit_softcapping": 15 }
            """)!.AsObject();
        using (var own = LoadedModel.Create(config, new ReferenceBackend(), 1, train: false)) own.Save(model["own"]);
        File.Copy(Path.Combine(model.Path, "tokenizer.json"), Path.Combine(model["own"], "tokenizer.json"));
        var ran = Caller.Do("export", model["own"], "-o", model["own.gguf"]);
        Assert.Equal(7, ran.Code);
        ran.Warns("no words for its qk_norm, value_embeddings, final_logit_softcapping; they have bert, gpt2, llama");
        var folder = Caller.Do("export", model["own"], "-o", model["own-out"]);
        Assert.Equal(0, folder.Code);
        folder.Warns("no other program knows");
    }

    static float[] Logits(LoadedModel model)
    {
        using var arena = new Arena(model.On);
        return model.As<ICausalLm>().Forward(new(arena, [1, 5, 9, 2, 7], [0, 5]) { SelectedRows = Pass.Every(5) }).ToArray();
    }
}
