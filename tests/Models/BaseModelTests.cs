using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Decoders without their head and without the prefix of their names, as base models are published.</summary>
public sealed class BaseModelTests
{
    public static TheoryData<string, string, string> Bases => new()
    {
        { "llama", "LlamaModel", "model." }, { "llama", "MistralModel", "model." }, { "qwen2", "Qwen2Model", "model." },
        { "qwen3", "Qwen3Model", "model." }, { "gpt2", "GPT2Model", "transformer." },
    };

    /// <summary>Writes a family's example anew, and tells what the whole model says.</summary>
    static float[] Write(TempFolder folder, string family, string architecture, string prefix, bool tied)
    {
        var config = JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!.AsObject();
        config["tie_word_embeddings"] = tied;
        using var model = LoadedModel.Create(config, new ReferenceBackend(), seed: 5, train: false);
        config["architectures"] = new JsonArray(architecture);
        File.WriteAllText(folder["config.json"], config.ToJsonString());
        var tensors = model.Weights.Values.Select(w => model.Published(w, w.Tensor)).Where(t => t.Name != "lm_head.weight");
        Safetensors.Write(folder["model.safetensors"], tensors.Select(t => t with { Name = t.Name[prefix.Length..] }));
        return tied ? Compute(model, p => model.As<ICausalLm>().Forward(p)) : Compute(model, model.Net.Hidden);
    }

    static float[] Compute(LoadedModel model, Func<Pass, Tensor> of)
    {
        using var arena = new Arena(model.On);
        return of(new(arena, [1, 2, 3, 4]) { SelectedRows = Pass.Every(4) }).ToArray();
    }

    [Theory, MemberData(nameof(Bases))]
    public void ATiedOneIsWhole(string family, string architecture, string prefix)
    {
        using var folder = new TempFolder();
        var expected = Write(folder, family, architecture, prefix, tied: true);
        using var model = LoadedModel.Open(folder.Path, new ReferenceBackend());
        Assert.Equal(expected, Compute(model, p => model.As<ICausalLm>().Forward(p)));
    }

    [Theory, MemberData(nameof(Bases))]
    public void OneWithoutAHeadHasStatesAndNothingElse(string family, string architecture, string prefix)
    {
        using var folder = new TempFolder();
        var expected = Write(folder, family, architecture, prefix, tied: false);
        using var model = LoadedModel.Open(folder.Path, new ReferenceBackend());
        Assert.True(model.Net is BaseModel { IsCausal: true });
        Assert.Equal(expected, Compute(model, model.Net.Hidden));
        Throws.Saying<NotSupportedException>("it turns texts into vectors, but cannot go on with them", () => model.As<ICausalLm>());
        Throws.Saying<NotSupportedException>("without an output head", () => ModelContent.Of(model, _ => { }));
    }

    [Fact]
    public void ItEmbedsAndDoesNotChat()
    {
        using var whole = new QuantizeModel();
        using (var weights = Safetensors.Open(Path.Combine(whole.Path, "model.safetensors")))
            Safetensors.Write(Path.Combine(whole.Path, "base.safetensors"),
                weights.Entries.Values.Where(t => t.Name != "lm_head.weight").Select(TensorSource.Of));
        File.Move(Path.Combine(whole.Path, "base.safetensors"), Path.Combine(whole.Path, "model.safetensors"), overwrite: true);
        Assert.Equal(0, Caller.Do("embed", "-m", whole.Path, "a bridge").Code);
        Assert.Equal(0, Caller.Do("explain", "attention", whole.Path, "--text", "a bridge over the river").Code);
        foreach (var command in (string[])["run", "chat"])
        {
            var ran = new Caller { Input = "hi\n" }.Run(command, whole.Path);
            Assert.Equal(7, ran.Code);
            ran.Warns("it is a base model");
        }
    }
}
