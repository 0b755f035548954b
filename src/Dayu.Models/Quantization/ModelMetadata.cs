using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// A <c>config.json</c> as GGUF metadata. What configurations leave to defaults is written out, or asked for: another
/// program has defaults of its own.
/// </summary>
/// <param name="dialect">Names of the keys.</param>
/// <param name="config">The configuration.</param>
/// <param name="tensors">Tell widths that configurations leave out.</param>
sealed class ModelMetadata(GgufDialect dialect, JsonObject config, IReadOnlyList<GgufTensor> tensors)
{
    static readonly string[] reals = ["epsilon", "freq_base"];

    /// <summary>What the choice of number formats depends on.</summary>
    public QuantFacts Facts => new(dialect.Architecture, Whole("block_count"), Whole("attention.head_count"), KvHeads, 0);

    int KvHeads => config["num_key_value_heads"] is JsonValue v ? v.GetValue<int>() : Whole("attention.head_count");

    /// <summary>Values of a head: rows of the query matrix, divided by heads.</summary>
    int? HeadWidth =>
        tensors.FirstOrDefault(t => t.Name == "blk.0.attn_q.weight") is { } q ? (int)(q.Shape[0] / Whole("attention.head_count")) : null;

    bool IsCausal => dialect.Architecture != "bert";

    /// <summary>Writes all of it.</summary>
    /// <exception cref="NotSupportedException">The configuration asks for what such files cannot say.</exception>
    public void Write(GgufWriter to)
    {
        if (dialect.Unsaid?.Invoke(config) is { } unsaid)
            throw new NotSupportedException($"config: {unsaid} is {config[unsaid]!.ToJsonString()}; "
                + "GGUF files of this family cannot say that, and what reads them would compute something else");
        to.Add("general.architecture", dialect.Architecture);
        foreach (var (metadata, key) in dialect.Keys)
        {
            var name = $"{dialect.Architecture}.{metadata}";
            if (metadata == "attention.sliding_window") { if (Window is { } window) to.Add(name, window); }
            else if (metadata == "attention.head_count_kv") to.Add(name, KvHeads);
            else if (metadata == "attention.key_length") Lengths(to, name);
            else if (metadata == "rope.freq_base") to.Add(name, Theta);
            else if (metadata == "feed_forward_length" && config[key] is null)
                to.Add(name, (int)tensors.First(t => t.Name == "blk.0.ffn_up.weight").Shape[0]);
            else if (reals.Any(metadata.EndsWith)) to.Add(name, Number(key).GetValue<float>());
            else to.Add(name, Number(key).GetValue<int>());
        }
        to.Add($"{dialect.Architecture}.vocab_size", (int)tensors.First(t => t.Name == "token_embd.weight").Shape[0]);
        if (!IsCausal) to.Add($"{dialect.Architecture}.attention.causal", false);
        if (tensors.FirstOrDefault(t => t.Name == "token_types.weight") is { } types)
            to.Add("tokenizer.ggml.token_type_count", (int)types.Shape[0]);
        GgufRope.Write(to, dialect.Architecture, Scaling);
    }

    void Lengths(GgufWriter to, string name)
    {
        if (HeadWidth is not { } width) return;
        to.Add(name, width);
        to.Add($"{dialect.Architecture}.attention.value_length", width);
        to.Add($"{dialect.Architecture}.rope.dimension_count", width);
    }

    /// <summary>What each pair's frequency is divided by, where that is told pair by pair (Llama 3.1).</summary>
    public float[]? RopeFactors()
    {
        if (Scaling is not (Llama3Scaling or GivenScaling) || HeadWidth is not { } width) return null;
        var plain = new double[width / 2];
        for (var i = 0; i < plain.Length; i++) plain[i] = Math.Pow(Theta, -2.0 * i / width);
        var scaled = plain.ToArray();
        Scaling.Apply(scaled, Theta);
        return [.. plain.Zip(scaled, (p, s) => (float)(p / s))];
    }

    RopeScaling? Scaling => RopeConfig.Scaling(config, Whole("context_length"));

    float Theta => (config["rope_parameters"]?["rope_theta"] ?? config["rope_theta"])?.GetValue<float>() ?? 10_000;

    /// <summary>The window of every layer; null: there is none.</summary>
    int? Window
    {
        get
        {
            var window = SlidingWindows.Named((config["sliding_window"] as JsonValue)?.GetValue<int>());
            if (window is null || config["use_sliding_window"] is JsonValue use && !use.GetValue<bool>()) return null;
            if (config["use_sliding_window"] is not null || config["layer_types"] is not null)
                throw new NotSupportedException("config: some layers have a sliding window and others do not; "
                    + "GGUF files of this family cannot say that");
            return window;
        }
    }

    int Whole(string metadata) => Number(dialect.Keys.First(k => k.Metadata == metadata).Config).GetValue<int>();

    JsonValue Number(string key) => config[key] is JsonValue v && v.GetValueKind() == JsonValueKind.Number ? v
        : throw new InvalidDataException($"config: {key} is {config[key]?.ToJsonString() ?? "missing"}; "
            + "a number was expected, which the GGUF file has to say");
}
