using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>
/// What helps small models learn, a switch each, on a size of one's own: <c>qk_norm</c>, <c>relu_squared</c>, <c>value_embeddings</c>,
/// <c>final_logit_softcapping</c> (a cap), <c>zero_init_outputs</c>. The family becomes the most widely known one that has what is asked
/// for: Llama, with normed queries and keys Qwen3, else <see cref="Models.ModdedGpt"/>, which other programs do not know.
/// </summary>
static class ModelSwitches
{
    const string QkNorm = "qk_norm", ReluSquared = "relu_squared", Values = "value_embeddings", Softcap = "final_logit_softcapping",
        ZeroOutputs = Models.LoadedModel.ZeroOutputs;

    /// <summary>Those that change what the model computes.</summary>
    public static IReadOnlyList<string> Switches { get; } = [QkNorm, ReluSquared, Values, Softcap];

    /// <summary>Every switch.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Switches, ZeroOutputs];

    /// <summary>Makes a Llama's configuration one that has what is asked for.</summary>
    /// <param name="config">Changed.</param>
    /// <param name="model">What a recipe says of its model.</param>
    /// <exception cref="RecipeException">A switch is neither on nor off.</exception>
    public static void Apply(JsonObject config, JsonObject? model)
    {
        var isOn = All.ToDictionary(k => k, k => IsOn(k, model?[k]));
        if (isOn[ZeroOutputs]) config[ZeroOutputs] = true;
        if (isOn[ReluSquared]) config["intermediate_size"] = (int)config["intermediate_size"]! * 3 / 2;   // two matrices weigh as three
        if (isOn[ReluSquared] || isOn[Values] || isOn[Softcap])
        {
            Become(config, "modded-gpt", "ModdedGptForCausalLM");
            foreach (var key in (string[])[QkNorm, ReluSquared, Values]) config[key] = isOn[key];
            config[Softcap] = isOn[Softcap] ? model![Softcap]!.DeepClone() : null;
        }
        else if (isOn[QkNorm])
        {
            Become(config, "qwen3", "Qwen3ForCausalLM");
            config["head_dim"] = (int)config["hidden_size"]! / (int)config["num_attention_heads"]!;
        }
    }

    static void Become(JsonObject config, string family, string architecture) =>
        (config["model_type"], config["architectures"]) = (family, new JsonArray(architecture));

    static bool IsOn(string key, JsonNode? value) => value switch
    {
        null => false,
        JsonValue v when key != Softcap && v.TryGetValue<bool>(out var on) => on,
        JsonValue v when key == Softcap && v.TryGetValue<double>(out var cap) && cap > 0 => true,
        _ => throw new RecipeException(
            $"model.{key} is {value.ToJsonString()}, expected {(key == Softcap ? "a number above 0, or null" : "true or false")}",
            RecipeFault.Model),
    };
}
