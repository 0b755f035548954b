using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>
/// Shapes for models of one's own: a Llama (Touvron et al. 2023, arXiv:2302.13971) with tied embeddings, heads of 64, SwiGLU of 8/3
/// of the width.
/// </summary>
public static class ModelSize
{
    const int HeadWidth = 64, Multiple = 64;

    /// <summary>Layers and width of the named sizes.</summary>
    public static IReadOnlyDictionary<string, (int Layers, int Width)> Named { get; } =
        new Dictionary<string, (int, int)> { ["tiny"] = (4, 128), ["small"] = (6, 256), ["base"] = (8, 384) };

    /// <summary>A model's configuration from what a recipe says of it.</summary>
    /// <param name="model"><c>{"size": "tiny"}</c> or <c>{"depth": 6}</c> (a width of 64 a layer), and beside it what is to be otherwise;
    /// or a whole <c>config.json</c>, with its <c>model_type</c>. null: tiny.</param>
    /// <param name="vocabulary">Tokens it is to know.</param>
    /// <param name="context">Tokens of its longest sequence.</param>
    /// <exception cref="RecipeException">No such size.</exception>
    public static JsonObject Config(JsonObject? model, int vocabulary, int context)
    {
        if (model?.ContainsKey("model_type") == true) return Completed(model, vocabulary, context);
        var (layers, width) = Shape(model);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = "llama",
            ["hidden_size"] = width,
            ["intermediate_size"] = Rounded(width * 8 / 3),
            ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = width / HeadWidth,
            ["num_key_value_heads"] = width / HeadWidth,
            ["max_position_embeddings"] = context,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["tie_word_embeddings"] = true,
            ["vocab_size"] = Rounded(vocabulary),
        };
        ModelOptions.Apply(config, model);
        foreach (var (key, value) in model ?? [])
            if (key is not ("size" or "depth") && !ModelOptions.All.Contains(key))
                config[key] = config.ContainsKey(key) ? value?.DeepClone()
                    : throw new RecipeException($"model.{key} is nothing that this model has; it has size, depth, {Keys(config)}");
        return config;
    }

    static string Keys(JsonObject config) => string.Join(", ", config.Select(c => c.Key).Union(ModelOptions.All));

    static (int Layers, int Width) Shape(JsonObject? model)
    {
        if (model?["depth"] is { } depth)
            return depth is JsonValue d && d.TryGetValue<int>(out var layers) && layers is > 0 and <= 256 ? (layers, HeadWidth * layers)
                : throw new RecipeException($"model.depth is {depth.ToJsonString()}, expected a whole number, 1 … 256");
        var size = model?["size"]?.ToString() ?? "tiny";
        return Named.TryGetValue(size, out var named) ? named
            : throw new RecipeException($"model.size is '{size}', expected {string.Join(", ", Named.Keys)}");
    }

    /// <summary>What only data can say: as many tokens as the tokenizer has, as long as a window.</summary>
    static JsonObject Completed(JsonObject model, int vocabulary, int context)
    {
        var config = (JsonObject)model.DeepClone();
        config["vocab_size"] ??= vocabulary;
        var length = (string?)config["model_type"] is "gpt2" or "openai-gpt" or "gpt3" ? "n_positions" : "max_position_embeddings";
        config[length] ??= context;
        return config;
    }

    /// <summary>Up to a whole number of blocks of every number format (and of vectors).</summary>
    static int Rounded(int n) => (n + Multiple - 1) / Multiple * Multiple;
}
