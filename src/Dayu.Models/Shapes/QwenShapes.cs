using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// Qwen2.5 and Qwen3, as the <c>config.json</c> of the models that follow instructions have them. Yang et al. 2024, arXiv:2412.15115,
/// table 1; Yang et al. 2025, arXiv:2505.09388, table 1.
/// </summary>
static class QwenShapes
{
    public static NamedShape[] All { get; } =
    [
        Qwen25("qwen2.5-0.5b", 24, 896, 4864, heads: 14, kv: 2, 151936, tied: true),
        Qwen25("qwen2.5-1.5b", 28, 1536, 8960, heads: 12, kv: 2, 151936, tied: true),
        Qwen25("qwen2.5-3b", 36, 2048, 11008, heads: 16, kv: 2, 151936, tied: true),
        Qwen25("qwen2.5-7b", 28, 3584, 18944, heads: 28, kv: 4, 152064, tied: false),
        Qwen25("qwen2.5-14b", 48, 5120, 13824, heads: 40, kv: 8, 152064, tied: false),
        Qwen25("qwen2.5-32b", 64, 5120, 27648, heads: 40, kv: 8, 152064, tied: false),
        Qwen25("qwen2.5-72b", 80, 8192, 29568, heads: 64, kv: 8, 152064, tied: false),
        Qwen3("qwen3-0.6b", 28, 1024, 3072, heads: 16, tied: true),
        Qwen3("qwen3-1.7b", 28, 2048, 6144, heads: 16, tied: true),
        Qwen3("qwen3-4b", 36, 2560, 9728, heads: 32, tied: true),
        Qwen3("qwen3-8b", 36, 4096, 12288, heads: 32, tied: false),
        Qwen3("qwen3-14b", 40, 5120, 17408, heads: 40, tied: false),
        Qwen3("qwen3-32b", 64, 5120, 25600, heads: 64, tied: false),
    ];

    static NamedShape Qwen25(string name, int layers, int width, int hidden, int heads, int kv, int vocabulary, bool tied) =>
        new(name, "Qwen Team 2024, arXiv:2412.15115, table 1", new()
        {
            ["architectures"] = new JsonArray("Qwen2ForCausalLM"), ["model_type"] = "qwen2", ["hidden_act"] = "silu",
            ["vocab_size"] = vocabulary, ["hidden_size"] = width, ["intermediate_size"] = hidden, ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = heads, ["num_key_value_heads"] = kv, ["max_position_embeddings"] = 32768,
            ["rms_norm_eps"] = 1e-6, ["rope_theta"] = 1e6, ["tie_word_embeddings"] = tied,
        });

    static NamedShape Qwen3(string name, int layers, int width, int hidden, int heads, bool tied) =>
        new(name, "Qwen Team 2025, arXiv:2505.09388, table 1", new()
        {
            ["architectures"] = new JsonArray("Qwen3ForCausalLM"), ["model_type"] = "qwen3", ["hidden_act"] = "silu",
            ["vocab_size"] = 151936, ["hidden_size"] = width, ["intermediate_size"] = hidden, ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = heads, ["num_key_value_heads"] = 8, ["head_dim"] = 128, ["max_position_embeddings"] = 40960,
            ["rms_norm_eps"] = 1e-6, ["rope_theta"] = 1e6, ["tie_word_embeddings"] = tied,
        });
}
