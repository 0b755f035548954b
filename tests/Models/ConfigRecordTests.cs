using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What configurations may leave open, and how errors name what they may not.</summary>
public sealed class ConfigRecordTests
{
    static JsonObject Config(string family, string said, params ReadOnlySpan<string> without)
    {
        var config = JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!.AsObject();
        foreach (var key in without) config.Remove(key);
        foreach (var (key, value) in JsonNode.Parse($"{{ {said} }}")!.AsObject()) config[key] = value?.DeepClone();
        return config;
    }

    static float[] Logits(JsonObject config)
    {
        using var model = LoadedModel.Create(config, new ReferenceBackend(), seed: 3, train: false);
        using var arena = new Arena(model.On);
        return model.As<ICausalLm>().Forward(new(arena, [.. Enumerable.Range(0, 20)]) { SelectedRows = Pass.Every(20) }).ToArray();
    }

    [Theory]
    [InlineData("llama", "sliding_window", "0"), InlineData("llama", "sliding_window", "null"),
     InlineData("llama", "attention_bias", "null"), InlineData("llama", "mlp_bias", "null"),
     InlineData("llama", "rope_theta", "null"), InlineData("llama", "rope_scaling", "null"),
     InlineData("llama", "rms_norm_eps", "null"), InlineData("qwen2", "sliding_window", "0"), InlineData("qwen2", "layer_types", "null"),
     InlineData("qwen3", "attention_bias", "null"), InlineData("qwen3", "use_sliding_window", "null"),
     InlineData("gpt2", "n_inner", "null"), InlineData("gpt2", "layer_norm_epsilon", "null")]
    public void NullAndAWindowOfZeroAreAsIfAbsent(string family, string key, string value) =>
        Assert.Equal(Logits(Config(family, "", without: key)), Logits(Config(family, $"\"{key}\": {value}")));

    [Theory]
    [InlineData("llama", "hidden_act", "swish"), InlineData("qwen3", "hidden_act", "silu"), InlineData("qwen2", "hidden_act", "swish"),
     InlineData("gpt2", "activation_function", "gelu_pytorch_tanh"), InlineData("gpt2", "activation_function", "gelu_fast")]
    public void ActivationsHaveSeveralNames(string family, string key, string name) =>
        Assert.Equal(Logits(Config(family, "")), Logits(Config(family, $"\"{key}\": \"{name}\"")));

    [Theory]
    [InlineData("""  "rope_scaling": { "type": "linear", "factor": 4 }  """)]
    [InlineData("""  "rope_scaling": { "rope_type": "linear", "factor": 4.0 }  """)]
    [InlineData("""  "rope_scaling": null, "rope_parameters": { "rope_type": "linear", "factor": 4, "rope_theta": 10000 }  """)]
    [InlineData("""  "rope_scaling": { "type": "linear", "factor": 4 }, "rope_parameters": { "rope_theta": 10000.0 }  """)]
    public void RopeHasSeveralSpellings(string said)
    {
        var config = ConfigRecord.Of(Config("llama", said), LlamaJson.Default.LlamaConfig);
        Assert.Equal(new RopeSpec(6, 10_000, new LinearScaling(4)), config.Rope);
    }

    [Theory]
    [InlineData("""  "hidden_size": "24"  """, """hidden_size is '"24"'; a whole number was expected""")]
    [InlineData("""  "hidden_size": 24.5  """, "hidden_size is '24.5'; a whole number was expected")]
    [InlineData("""  "hidden_size": 99999999999  """, "hidden_size is '99999999999'; a whole number was expected")]
    [InlineData("""  "hidden_size": null, "vocab_size": null  """, "vocab_size, hidden_size are missing")]
    [InlineData("""  "rms_norm_eps": "NaN"  """, """rms_norm_eps is '"NaN"'; a number was expected""")]
    [InlineData("""  "tie_word_embeddings": "yes"  """, """tie_word_embeddings is '"yes"'; true or false was expected""")]
    [InlineData("""  "rope_scaling": 4  """, "rope_scaling is '4'; an object was expected")]
    [InlineData("""  "rope_scaling": { "type": "yarn", "factor": "4" }  """, """rope_scaling.factor is '"4"'; a number was expected""")]
    [InlineData("""  "rope_scaling": { "type": "linear" }  """, "(or rope_parameters) is 'linear' and its key 'factor' is missing")]
    [InlineData("""  "rope_scaling": { "type": "yarn", "factor": 0 }  """, "is 'yarn' and its key 'factor' is 0")]
    [InlineData("""  "rope_scaling": { "type": "longrope" }  """, "rope scaling 'longrope' is not known")]
    [InlineData("""  "sliding_window": -1  """, "sliding_window is -1")]
    [InlineData("""  "hidden_act": "relu"  """, "only 'silu' is known here, also called swish")]
    public void ErrorsNameTheKey(string said, string says) =>
        Throws.Saying<InvalidDataException>(says, () => Logits(Config("llama", said)));

    [Fact]
    public void EveryFamilySaysWhatIsMissing() => Assert.All(Families.Known, family =>
        Throws.Saying<InvalidDataException>("vocab_size, ", () => family.Make([], new(new RandomWeights(new(new ReferenceBackend()), 1)))));
}
