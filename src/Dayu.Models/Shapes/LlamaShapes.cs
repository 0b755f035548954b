using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// Llama and its kin, as the published <c>config.json</c> have them. Llama: Touvron et al. 2023, arXiv:2302.13971, table 2; Llama 2:
/// arXiv:2307.09288, table 1; Llama 3: arXiv:2407.21783, table 3.
/// </summary>
static class LlamaShapes
{
    const string Llama1 = "Touvron et al. 2023, arXiv:2302.13971, table 2", Llama2 = "Touvron et al. 2023, arXiv:2307.09288, table 1",
        Llama3 = "Llama Team 2024, arXiv:2407.21783, table 3", Llama32 = "meta-llama/Llama-3.2, config.json",
        SmolLm2 = "HuggingFaceTB/SmolLM2, config.json";

    public static NamedShape[] All { get; } =
    [
        Of("llama-7b", Llama1, 32, 4096, 11008, heads: 32, kv: 32, 32000, 2048, eps: 1e-6, theta: 1e4) with { Tokens = 1.0e12 },
        Of("llama-13b", Llama1, 40, 5120, 13824, heads: 40, kv: 40, 32000, 2048, eps: 1e-6, theta: 1e4) with { Tokens = 1.0e12 },
        Of("llama-33b", Llama1, 60, 6656, 17920, heads: 52, kv: 52, 32000, 2048, eps: 1e-6, theta: 1e4) with { Tokens = 1.4e12 },
        Of("llama-65b", Llama1, 80, 8192, 22016, heads: 64, kv: 64, 32000, 2048, eps: 1e-6, theta: 1e4) with { Tokens = 1.4e12 },
        Of("llama2-7b", Llama2, 32, 4096, 11008, heads: 32, kv: 32, 32000, 4096, eps: 1e-5, theta: 1e4) with { Tokens = 2.0e12 },
        Of("llama2-13b", Llama2, 40, 5120, 13824, heads: 40, kv: 40, 32000, 4096, eps: 1e-5, theta: 1e4) with { Tokens = 2.0e12 },
        Of("llama2-70b", Llama2, 80, 8192, 28672, heads: 64, kv: 8, 32000, 4096, eps: 1e-5, theta: 1e4) with { Tokens = 2.0e12 },
        Of("llama3-8b", Llama3, 32, 4096, 14336, heads: 32, kv: 8, 128256, 8192, eps: 1e-5, theta: 5e5),
        Of("llama3-70b", Llama3, 80, 8192, 28672, heads: 64, kv: 8, 128256, 8192, eps: 1e-5, theta: 5e5),
        Scaled(Of("llama3.1-8b", Llama3, 32, 4096, 14336, heads: 32, kv: 8, 128256, 131072, eps: 1e-5, theta: 5e5), 8),
        Scaled(Of("llama3.1-70b", Llama3, 80, 8192, 28672, heads: 64, kv: 8, 128256, 131072, eps: 1e-5, theta: 5e5), 8),
        Scaled(Of("llama3.1-405b", Llama3, 126, 16384, 53248, heads: 128, kv: 8, 128256, 131072, eps: 1e-5, theta: 5e5), 8) with
        {
            Tokens = 15.6e12, PublishedOperations = 3.8e25,
        },
        Scaled(Of("llama3.2-1b", Llama32, 16, 2048, 8192, heads: 32, kv: 8, 128256, 131072, eps: 1e-5, theta: 5e5, tied: true), 32),
        Scaled(Of("llama3.2-3b", Llama32, 28, 3072, 8192, heads: 24, kv: 8, 128256, 131072, eps: 1e-5, theta: 5e5, tied: true), 32),
        Of("tinyllama-1.1b", "Zhang et al. 2024, arXiv:2401.02385, table 1", 22, 2048, 5632, heads: 32, kv: 4, 32000, 2048, 1e-5, 1e4),
        Of("smollm2-135m", SmolLm2, 30, 576, 1536, heads: 9, kv: 3, 49152, 8192, 1e-5, 1e5, tied: true),
        Of("smollm2-360m", SmolLm2, 32, 960, 2560, heads: 15, kv: 5, 49152, 8192, 1e-5, 1e5, tied: true),
        Of("smollm2-1.7b", SmolLm2, 24, 2048, 8192, heads: 32, kv: 32, 49152, 8192, 1e-5, 1.3e5, tied: true),
        Mistral("mistral-7b"),
    ];

    static NamedShape Of(
        string name, string source, int layers, int width, int hidden, int heads, int kv, int vocabulary, int context, double eps,
        double theta, bool tied = false) =>
        new(name, source, Config(layers, width, hidden, heads, kv, vocabulary, context, eps, theta, tied));

    static JsonObject Config(
        int layers, int width, int hidden, int heads, int kv, int vocabulary, int context, double eps, double theta, bool tied) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"), ["model_type"] = "llama", ["hidden_act"] = "silu",
        ["vocab_size"] = vocabulary, ["hidden_size"] = width, ["intermediate_size"] = hidden, ["num_hidden_layers"] = layers,
        ["num_attention_heads"] = heads, ["num_key_value_heads"] = kv, ["max_position_embeddings"] = context,
        ["rms_norm_eps"] = eps, ["rope_theta"] = theta, ["tie_word_embeddings"] = tied,
    };

    /// <summary>Positions beyond 8,192 by Llama 3's scaling of frequencies.</summary>
    static NamedShape Scaled(NamedShape of, double factor)
    {
        var config = of.Config;
        config["rope_scaling"] = new JsonObject
        {
            ["rope_type"] = "llama3", ["factor"] = factor, ["low_freq_factor"] = 1.0, ["high_freq_factor"] = 4.0,
            ["original_max_position_embeddings"] = 8192,
        };
        return new(of.Name, of.Source, config);
    }

    static NamedShape Mistral(string name)
    {
        var config = Config(32, 4096, 14336, heads: 32, kv: 8, vocabulary: 32000, context: 32768, eps: 1e-5, theta: 1e4, tied: false);
        config["architectures"] = new JsonArray("MistralForCausalLM");
        (config["model_type"], config["sliding_window"]) = ("mistral", 4096);
        return new(name, "Jiang et al. 2023, arXiv:2310.06825, table 1", config);
    }
}
