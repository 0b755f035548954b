using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Low-rank adapters against what peft computes: logits, gradients, merged logits; and adapters of other models.</summary>
public sealed class AdapterTests
{
    public static TheoryData<string> Named() => [.. Backends.Training];

    [Theory]
    [MemberData(nameof(Named))]
    public void LogitsGradientsAndMergedLogitsArePefts(string backend)
    {
        var (folder, llama) = (Fixtures.GoldenOrSkip("lora"), Fixtures.GoldenOrSkip("llama"));
        using var on = Backends.Make(backend);
        using var model = LoadedModel.Open(llama, on.Backend);
        var bound = Golden.Bound(backend, model.Config);
        var adapter = Adapter.Open(model, folder, train: true);
        using var expected = Safetensors.Open(Path.Combine(folder, "outputs.safetensors"));
        var (ids, starts, targets) = Inputs(folder);

        Golden.Close("logits", expected["logits"].Values(), Logits(model, ids, starts), bound);
        using var arena = new Arena(on.Backend);
        var loss = model.Net.Loss(new(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) }, new(targets));
        Golden.Close("loss", expected["loss"].Values(), loss.ToArray(), bound);
        loss.Backward();
        Assert.All(model.Weights.Values, w => Assert.False(w.NeedsGrad));
        Assert.Equal(12, adapter.Weights.Count());
        foreach (var w in adapter.Weights)
            Golden.Close(w.Path, expected[$"grad.base_model.model.{w.Path}"].Values(), w.Tensor.Grad.ToArray(), 3 * bound);

        foreach (var w in model.Weights.Values) w.Merge();
        Golden.Close("merged", expected["logits_merged"].Values(), Logits(model, ids, starts), bound);
    }

    [Fact]
    public void FolderOfAnAdapterIsAModelWhereItsBaseIsThere()
    {
        using var temp = new TempFolder();
        using var on = Backends.Make(Backends.Training.First());
        using var model = LoadedModel.Open(Fixtures.GoldenOrSkip("lora"), on.Backend);      // says ../llama
        using var expected = Safetensors.Open(Path.Combine(Fixtures.GoldenOrSkip("lora"), "outputs.safetensors"));
        var (ids, starts, _) = Inputs(Fixtures.GoldenOrSkip("lora"));
        Golden.Close("logits", expected["logits"].Values(), Logits(model, ids, starts), 1e-4);
        model.Save(temp.Path);
        using var merged = LoadedModel.Open(temp.Path, on.Backend);
        Assert.Null(merged.Adapter);
        Golden.Close("merged", expected["logits_merged"].Values(), Logits(merged, ids, starts), 1e-4);
    }

    [Fact]
    public void AdapterThatWasSavedIsTheSame()
    {
        using var temp = new TempFolder();
        using var on = Backends.Make(Backends.Training.First());
        using var first = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend);
        using var second = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend);
        var adapter = Adapter.Open(first, Fixtures.GoldenOrSkip("lora"));
        adapter.Save(temp.Path);
        var (ids, starts, _) = Inputs(Fixtures.GoldenOrSkip("lora"));
        Assert.Equal(["down_proj", "q_proj", "v_proj"], Adapter.Open(second, temp.Path).Config.Targets.Order());
        Assert.Equal(Logits(first, ids, starts), Logits(second, ids, starts));
    }

    [Theory]
    [InlineData("llama", 14)]
    [InlineData("gpt2", 8)]
    public void NewAdapterChangesNothingYetAndIsOnEveryMatrixOfTheBlocks(string family, int pairs)
    {
        using var on = Backends.Make(Backends.Training.First());
        using var model = LoadedModel.Open(Fixtures.GoldenOrSkip(family), on.Backend);
        int[] ids = [1, 2, 3, 4], starts = [0, 4];
        var before = Logits(model, ids, starts);
        var adapter = Adapter.Create(model, new(Rank: 3), seed: 1);
        Assert.Equal(pairs, adapter.Pairs.Count);
        Assert.Equal(before, Logits(model, ids, starts));
        Assert.All(adapter.Weights, w => Assert.True(w.NeedsGrad));
    }

    [Fact]
    public void HeadIsAdaptedWhereItIsNamed()
    {
        using var on = Backends.Make(Backends.Training.First());
        using var model = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend);
        Assert.Equal(["lm_head"], Adapter.Create(model, new() { Targets = ["lm_head"] }, seed: 1).Pairs.Keys);
    }

    [Fact]
    public void RanksOfTheirOwnAreWrittenDown()
    {
        using var temp = new TempFolder();
        using var on = Backends.Make(Backends.Training.First());
        using var model = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend);
        var lora = Fixtures.GoldenOrSkip("lora");                    // of rank 4
        File.Copy(Path.Combine(lora, "adapter_model.safetensors"), temp["adapter_model.safetensors"]);
        File.WriteAllText(temp["adapter_config.json"], """{ "peft_type": "LORA", "r": 8, "rank_pattern": { "q_proj": 4 } }""");
        Adapter.Open(model, temp.Path).Save(temp["again"]);
        var said = Checkpoint.ReadJson(temp["again/adapter_config.json"]);
        Assert.Equal(8, (int)said["r"]!);
        Assert.Equal(4, (int)said["rank_pattern"]!["model.layers.0.self_attn.q_proj"]!);
    }

    [Fact]
    public void AdapterOfAnotherModelIsRefusedByName()
    {
        using var on = Backends.Make(Backends.Training.First());
        using var model = LoadedModel.Open(Fixtures.GoldenOrSkip("gpt2"), on.Backend);
        var e = Assert.Throws<InvalidDataException>(() => Adapter.Open(model, Fixtures.GoldenOrSkip("lora")));
        Assert.Contains("adapter of another model", e.Message);
        Assert.Contains("../llama", e.Message);
    }

    [Theory]
    [InlineData("""{ "peft_type": "IA3" }""", "IA3")]
    [InlineData("""{ "peft_type": "LORA", "use_dora": true }""", "use_dora")]
    [InlineData("""{ "peft_type": "LORA", "r": 0 }""", "r is 0")]
    [InlineData("""{ "peft_type": "LORA", "r": "four" }""", "r")]
    [InlineData("""{ "peft_type": "LORA", "bias": "all" }""", "bias")]
    [InlineData("""{ "peft_type": "LORA", "modules_to_save": ["lm_head"] }""", "modules_to_save")]
    [InlineData("""{ "peft_type": "LORA", "target_modules": 3 }""", "target_modules")]
    public void OtherKindsOfAdaptersAreRefusedByName(string config, string named)
    {
        using var temp = new TempFolder();
        File.WriteAllText(Path.Combine(temp.Path, AdapterConfig.File), config);
        var e = Assert.ThrowsAny<Exception>(() => AdapterConfig.Read(temp.Path));
        Assert.True(e is InvalidDataException or NotSupportedException, e.ToString());
        Assert.Contains(named, e.Message);
    }

    static float[] Logits(LoadedModel model, int[] ids, int[] starts)
    {
        using var arena = new Arena(model.On);
        using var paused = arena.Tape.Pause();
        return model.As<ICausalLm>().Forward(new(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) }).ToArray();
    }

    static (int[] Ids, int[] Starts, int[] Targets) Inputs(string folder)
    {
        var inputs = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "inputs.json"))).RootElement;
        var batch = inputs.GetProperty("input_ids").Deserialize<int[][]>()!;
        return ([.. batch.SelectMany(r => r)], [.. Enumerable.Range(0, batch.Length + 1).Select(b => b * batch[0].Length)],
            [.. batch.SelectMany(r => r.Skip(1).Append(-100))]);
    }
}
