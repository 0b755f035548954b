using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>How GGUF files speak of a family.</summary>
/// <param name="Architecture"><c>general.architecture</c>, also the prefix of the family's metadata keys.</param>
/// <param name="Keys">Metadata keys and the configuration keys they stand for.</param>
/// <param name="Names">Paths of weights and their names in the file; the first rule that fits counts.</param>
public sealed record GgufDialect(string Architecture, GgufKey[] Keys, TensorRule[] Names)
{
    /// <summary>
    /// Which key of a configuration such files cannot say, where it is not what whoever reads them takes for granted; null: none.
    /// </summary>
    public Func<JsonObject, string?>? Unsaid { get; init; }

    /// <summary>The keys of Llama and everything since.</summary>
    public static GgufKey[] CommonKeys { get; } =
    [
        new("embedding_length", "hidden_size"),
        new("block_count", "num_hidden_layers"),
        new("feed_forward_length", "intermediate_size"),
        new("attention.head_count", "num_attention_heads"),
        new("attention.head_count_kv", "num_key_value_heads"),
        new("attention.key_length", "head_dim"),
        new("attention.layer_norm_rms_epsilon", "rms_norm_eps"),
        new("rope.freq_base", "rope_theta"),
        new("context_length", "max_position_embeddings"),
        new("attention.sliding_window", "sliding_window"),
    ];

    /// <summary>The names of Llama and everything since.</summary>
    public static TensorRule[] CommonNames { get; } =
    [
        new("model.embed_tokens.weight", "token_embd.weight"),
        new("model.norm.weight", "output_norm.weight"),
        new("lm_head.weight", "output.weight"),
        new("model.layers.*.input_layernorm.weight", "blk.*.attn_norm.weight"),
        new("model.layers.*.post_attention_layernorm.weight", "blk.*.ffn_norm.weight"),
        new("model.layers.*.self_attn.q_proj.*", "blk.*.attn_q.*"),
        new("model.layers.*.self_attn.k_proj.*", "blk.*.attn_k.*"),
        new("model.layers.*.self_attn.v_proj.*", "blk.*.attn_v.*"),
        new("model.layers.*.self_attn.o_proj.*", "blk.*.attn_output.*"),
        new("model.layers.*.mlp.gate_proj.*", "blk.*.ffn_gate.*"),
        new("model.layers.*.mlp.up_proj.*", "blk.*.ffn_up.*"),
        new("model.layers.*.mlp.down_proj.*", "blk.*.ffn_down.*"),
    ];

    /// <summary>
    /// The configuration that a file's metadata amounts to, in the terms of the family's <c>config.json</c>.
    /// </summary>
    internal JsonObject Config(Family family, GgufFile file)
    {
        var m = file.Metadata;
        var config = new JsonObject { ["architectures"] = new JsonArray(family.Architectures[0]), ["model_type"] = family.Name };
        foreach (var (metadata, key) in Keys)
            if (m.Has($"{Architecture}.{metadata}")) config[key] = Number(m, $"{Architecture}.{metadata}");
        config["vocab_size"] = checked((int)file.Tensors["token_embd.weight"].Shape[0]);
        config["tie_word_embeddings"] = !file.Tensors.Has("output.weight");
        if (GgufRope.Scaling(file, Architecture) is { } scaling) config["rope_scaling"] = scaling;
        return config;
    }

    static JsonValue Number(GgufMetadata m, string key)
    {
        if (m.TypeOf(key) is not (GgufType.F32 or GgufType.F64)) return JsonValue.Create(m.Int(key));
        var number = m.Float(key);                                    // some files have whole numbers as 4096.0
        return number == (int)number ? JsonValue.Create((int)number) : JsonValue.Create(number);
    }
}

/// <summary>A number in GGUF metadata and what <c>config.json</c> calls it.</summary>
/// <param name="Metadata">Behind the architecture's name and a dot.</param>
/// <param name="Config">Key in <c>config.json</c>.</param>
public readonly record struct GgufKey(string Metadata, string Config);
