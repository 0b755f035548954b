using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>An adapter is put on a model by every command that computes, shown, and merged by quantize.</summary>
public sealed class AdapterCommandTests : IDisposable
{
    readonly TempFolder temp = new();
    readonly string adapter = Fixtures.GoldenOrSkip("lora"), folder = Fixtures.GoldenOrSkip("llama");
    readonly string gguf = Fixtures.GoldenOrSkip("gguf", "llama.gguf"), tokenizer = Fixtures.GoldenOrSkip("gguf", "llama.gguf");

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
        string[] text = ["--tokenizer", tokenizer];
        var (alone, on, without) = (Next([adapter, .. text]), Next([folder, "--adapter", adapter, .. text]), Next([folder, .. text]));
        Assert.Equal(alone, on);
        Assert.NotEqual(without, on);
        Assert.Equal(on, Next(gguf, "--adapter", Path.Combine(adapter, "adapter_model.safetensors")));     // the same weights as GGUF
    }

    [Theory]
    [InlineData("eval perplexity MODEL --data TEXT"), InlineData("eval kl MODEL --against exact --data TEXT")]
    [InlineData("run MODEL abc --raw -n 2"), InlineData("embed MODEL abc"), InlineData("bench MODEL -p 2 -n 2 -r 1")]
    [InlineData("explain attention MODEL --text abc"), InlineData("explain embeddings MODEL a b c")]
    public void EveryCommandThatComputesTakesOne(string command)
    {
        File.WriteAllText(temp["text.txt"], "abcdefgh");
        string[] words = [.. command.Split(' ').Select(w => w == "MODEL" ? gguf : w == "TEXT" ? temp["text.txt"] : w)];
        var ran = Caller.Do([.. words, "--adapter", adapter]);
        Assert.True(ran.Code == 0, ran.Error);
        var missing = Caller.Do([.. words, "--adapter", temp["none"]]);
        Assert.Equal(3, missing.Code);
        missing.Warns("--adapter");
    }

    [Fact]
    public void KlTellsHowFarAnAdapterTakesAModel()
    {
        File.WriteAllText(temp["text.txt"], "abcdefgh");
        string[] how = ["--data", temp["text.txt"], "--precision", "exact", "--json"];
        var same = Caller.Do(["eval", "kl", adapter, "--against", adapter, "--tokenizer", tokenizer, .. how]);
        var apart = Caller.Do(["eval", "kl", gguf, "--adapter", adapter, "--against", gguf, .. how]);
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
        Assert.Equal(Path.GetFullPath(folder), (string?)said["base_path"]);
        var moved = Directory.CreateDirectory(temp["moved"]).FullName;
        foreach (var file in (string[])[AdapterConfig.File, "adapter_model.safetensors"])
            File.Copy(Path.Combine(adapter, file), Path.Combine(moved, file));
        Caller.Do("show", moved).Says("../llama (nothing lies there");
        var alone = Caller.Do("run", moved, "abc");
        Assert.Equal(7, alone.Code);
        alone.Warns("of the model ../llama");
        alone.Warns("--adapter");
    }

    /// <summary>On float32 the file says what the adapter's folder does; on numbers of few bits, what these and the pairs make.</summary>
    [Theory]
    [InlineData("llama.gguf"), InlineData("llama.F16.gguf"), InlineData("llama.Q4_0.gguf"), InlineData("../llama")]
    public void QuantizeMerges(string model)
    {
        var source = Fixtures.GoldenOrSkip("gguf", model);
        string[] how = ["--to", "f32", "-o", temp["merged.gguf"], "--tokenizer", tokenizer, "--no-speed", "--json"];
        var ran = Caller.Do(["quantize", source, "--adapter", adapter, .. how]);
        Assert.True(ran.Code == 0, ran.Error);
        using var merged = LoadedModel.Open(temp["merged.gguf"], new ReferenceBackend());
        using var adapted = LoadedModel.Open(source, new ReferenceBackend(), adapter: adapter);
        Golden.Close("logits", Logits(adapted), Logits(merged), model.Contains("F16") ? 2e-3 : 1e-5);
        Assert.Equal(adapted.Weights.Keys.Order(), merged.Weights.Keys.Order());
    }

    static float[] Logits(LoadedModel model)
    {
        using var arena = new Arena(model.On);
        return model.As<ICausalLm>().Forward(new(arena, [1, 5, 9, 2, 7], [0, 5]) { SelectedRows = Pass.Every(5) }).ToArray();
    }
}
