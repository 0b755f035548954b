using System.Text.Json.Nodes;

namespace Dayu.Hub;

/// <summary>What a configuration says of a model's size, whatever its family calls it. A number that it does not say is 0.</summary>
/// <param name="Context">Tokens that the model was made to read.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Width">Values of a hidden state, C.</param>
/// <param name="Heads">Heads of attention that ask.</param>
/// <param name="KvHeads">Heads of attention that are asked.</param>
/// <param name="Vocabulary">Number of tokens that are predicted, V.</param>
public sealed record ConfigFacts(int Context, int Layers, int Width, int Heads, int KvHeads, int Vocabulary)
{
    /// <summary>What families call the longest sequence.</summary>
    public static IReadOnlyList<string> ContextKeys => contextKeys;

    static readonly string[] contextKeys = ["max_position_embeddings", "n_positions", "n_ctx"];

    /// <summary>The facts of a configuration in the terms of <c>config.json</c>.</summary>
    public static ConfigFacts Of(JsonObject config)
    {
        return new(
            Number(contextKeys),
            Number("num_hidden_layers", "n_layer", "num_layers"),
            Number("hidden_size", "n_embd"),
            Number("num_attention_heads", "n_head"),
            Number("num_key_value_heads", "num_attention_heads", "n_head"),
            Number("vocab_size"));

        int Number(params string[] keys) => keys
            .Select(k => config[k] is JsonValue v && int.TryParse(v.ToString(), out var n) ? n : 0).FirstOrDefault(n => n > 0);
    }
}
