using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>An adapter is put on a model by every command that computes, shown, and merged by quantize.</summary>
public sealed class AdapterCommandTests : IDisposable
{
    readonly TempFolder temp = new();
    readonly string adapter = Fixtures.GoldenOrSkip("lora"), folder;

    /// <summary>The adapter's model beside a tokenizer of letters.</summary>
    public AdapterCommandTests()
    {
        folder = Directory.CreateDirectory(temp["llama"]).FullName;
        foreach (var file in (string[])["config.json", "model.safetensors"])
            File.Copy(Fixtures.GoldenOrSkip("llama", file), Path.Combine(folder, file));
        var letters = string.Join(", ", Enumerable.Range(0, 26).Select(i => $"\"{(char)('a' + i)}\": {i}"));
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), $$$"""
            { "model": { "type": "BPE", "vocab": { {{{letters}}} }, "merges": [] }, "added_tokens": [],
              "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "use_regex": true }, "decoder": { "type": "ByteLevel" } }
            """);
        File.WriteAllText(temp["text.txt"], "abcdefgh");
    }

    string Tokenizer => Path.Combine(folder, "tokenizer.json");

    public void Dispose() => temp.Dispose();

    static string Next(params string[] args)
    {
        var ran = Caller.Do(["explain", "probs", .. args, "--text", "abc", "--precision", "exact", "--json"]);
        Assert.True(ran.Code == 0, ran.Error);
        return ran.Json["next"]!.ToJsonString();
    }

    [Fact]
    public void AnAdapterOnItsModelIsTheAdaptersOwnFolder()
    {
        string[] text = ["--tokenizer", Tokenizer];
        var (alone, on, without) = (Next([adapter, .. text]), Next([folder, "--adapter", adapter, .. text]), Next([folder, .. text]));
        Assert.Equal(alone, on);
        Assert.NotEqual(without, on);
        var (gguf, file) = (Fixtures.GoldenOrSkip("gguf", "llama.gguf"), Path.Combine(adapter, "adapter_model.safetensors"));
        Assert.Equal(on, Next([gguf, "--adapter", file, .. text]));  // the same weights
    }

    [Theory]
    [InlineData("eval perplexity MODEL --data TEXT"), InlineData("eval kl MODEL --against exact --data TEXT")]
    [InlineData("run MODEL abc --raw -n 2"), InlineData("embed MODEL abc"), InlineData("bench MODEL -p 2 -n 2 -r 1")]
    [InlineData("explain attention MODEL --text abc"), InlineData("explain embeddings MODEL a b c")]
    public void EveryCommandThatComputesTakesOne(string command)
    {
        using var model = new QuantizeModel();
        string[] words = [.. command.Split(' ').Select(w => w == "MODEL" ? model.Path : w == "TEXT" ? temp["text.txt"] : w)];
        var ran = Caller.Do([.. words, "--adapter", Made(model)]);
        Assert.True(ran.Code == 0, ran.Error);
        var missing = Caller.Do([.. words, "--adapter", temp["none"]]);
        Assert.Equal(3, missing.Code);
        missing.Warns("--adapter");
    }

    [Fact]
    public void KlTellsHowFarAnAdapterTakesAModel()
    {
        string[] how = ["--data", temp["text.txt"], "--precision", "exact", "--json"];
        var same = Caller.Do(["eval", "kl", adapter, "--against", adapter, "--tokenizer", Tokenizer, .. how]);
        var apart = Caller.Do(["eval", "kl", folder, "--adapter", adapter, "--against", folder, .. how]);
        Assert.Equal(0, (double)same.Json["mean_kl"]!);
        Assert.True((double)apart.Json["mean_kl"]! > 1e-4, apart.Out);
        Assert.Equal("llama+lora", (string?)apart.Json["model"]);
    }

    [Fact]
    public void AnAdapterIsShownWithItsModelAndWithout()
    {
        var ran = Caller.Do("show", adapter, "--json");
        var said = ran.Json["adapter"]!;
        Assert.Equal((4, 8.0, 6), ((int)said["rank"]!, (double)said["alpha"]!, (int)said["pairs"]!));
        using var model = LoadedModel.Open(adapter, new ReferenceBackend());
        Assert.Equal(model.Adapter!.Weights.Sum(w => w.Tensor.Shape.Count), (long)ran.Json["parameters"]!);
        Assert.Equal(Path.GetFullPath(Fixtures.GoldenOrSkip("llama")), (string?)said["base_path"]);
        var moved = Directory.CreateDirectory(temp["far/moved"]).FullName;
        foreach (var file in (string[])[AdapterConfig.File, "adapter_model.safetensors"])
            File.Copy(Path.Combine(adapter, file), Path.Combine(moved, file));
        Caller.Do("show", moved).Says("../llama (nothing lies there");
        var alone = Caller.Do("run", moved, "abc");
        Assert.Equal(7, alone.Code);
        alone.Warns("of the model '../llama'");
        alone.Warns("--adapter");
    }

    /// <summary>What the pairs make of the numbers that were there, in float32 or fewer bits, in a folder or a GGUF file.</summary>
    [Theory]
    [InlineData(""), InlineData("f32"), InlineData("f16"), InlineData("q8_0")]
    public void QuantizeMerges(string format)
    {
        using var model = new QuantizeModel();
        var (source, pairs) = (format.Length == 0 ? model.Path : temp["source.gguf"], Made(model));
        if (format.Length > 0) Ok("quantize", model.Path, "--to", format, "-o", source, "--no-speed");
        Ok("quantize", source, "--adapter", pairs, "--to", "f32", "-o", temp["merged.gguf"], "--no-speed");
        using var merged = LoadedModel.Open(temp["merged.gguf"], new ReferenceBackend());
        using var adapted = LoadedModel.Open(source, new ReferenceBackend(), adapter: pairs);
        Golden.Close("logits", Logits(adapted), Logits(merged), format == "f16" ? 2e-3 : 1e-5);
        Assert.Equal(adapted.Weights.Keys.Order(), merged.Weights.Keys.Order());
        using var without = LoadedModel.Open(source, new ReferenceBackend());
        Assert.NotEqual(Logits(without), Logits(merged));
    }

    /// <summary>A folder with an adapter of a model that has learnt something.</summary>
    string Made(QuantizeModel of)
    {
        using var model = LoadedModel.Open(of.Path, new ReferenceBackend());
        var made = Adapter.Create(model, new(Rank: 2) { Targets = ["q_proj", "k_proj", "down_proj"] }, seed: 3);
        foreach (var b in made.Pairs.Values.Select(p => p.B))
            b.Tensor.Set([.. Enumerable.Range(0, b.Out * 2).Select(i => 0.3f * MathF.Sin(i))]);
        made.Save(temp["made"]);
        return temp["made"];
    }

    static void Ok(params string[] args)
    {
        var ran = Caller.Do(args);
        Assert.True(ran.Code == 0, ran.Error);
    }

    static float[] Logits(LoadedModel model)
    {
        using var arena = new Arena(model.On);
        return model.As<ICausalLm>().Forward(new(arena, [1, 5, 9, 2, 7], [0, 5]) { SelectedRows = Pass.Every(5) }).ToArray();
    }
}
