using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>How GGUF files say that rope's frequencies are stretched, as llama.cpp reads and <c>config.json</c> says it.</summary>
static class GgufRope
{
    /// <summary><c>rope_scaling</c>; null: there is none.</summary>
    public static JsonObject? Scaling(GgufFile file, string architecture)
    {
        var (m, key) = (file.Metadata, $"{architecture}.rope.scaling.");
        var type = m.Text(key + "type", "linear");                    // a factor without a type is linear's
        var old = $"{architecture}.rope.scale_linear";                // its key before there were types
        var factor = m.Float(m.Has(key + "factor") || !m.Has(old) ? key + "factor" : old, 0);
        if (factor == 0 || type == "none") factor = 1;
        var attention = m.Float(key + "attn_factor", 1);
        if (file.Tensors.Has("rope_freqs.weight"))
        {
            var factors = file.Tensors["rope_freqs.weight"].Values().Select(f => (JsonNode)(type == "linear" ? f * factor : f));
            return new() { ["rope_type"] = "given", ["factors"] = new JsonArray([.. factors]), ["attention_factor"] = attention };
        }
        if (type is "linear" or "none" && factor == 1 && attention == 1) return null;
        var scaling = new JsonObject { ["rope_type"] = type == "none" ? "linear" : type, ["factor"] = factor };
        if (m.Has(key + "original_context_length")) scaling["original_max_position_embeddings"] = m.Int(key + "original_context_length");
        if (type == "yarn") AddYarn(scaling, m, key, factor, attention);
        else scaling["attention_factor"] = attention;
        return scaling;
    }

    /// <summary>llama.cpp multiplies by yarn's own factor and by the file's; <c>config.json</c> has one for both.</summary>
    static void AddYarn(JsonObject scaling, GgufMetadata m, string key, float factor, float attention)
    {
        if (attention != 1) scaling["attention_factor"] = attention * new YarnScaling(factor, 1).Magnitude;
        if (m.Has(key + "yarn_beta_fast")) scaling["beta_fast"] = m.Float(key + "yarn_beta_fast");
        if (m.Has(key + "yarn_beta_slow")) scaling["beta_slow"] = m.Float(key + "yarn_beta_slow");
    }

    /// <summary>Says a scaling that has words in metadata; the others are told pair by pair, in a tensor.</summary>
    public static void Write(GgufWriter to, string architecture, RopeScaling? scaling)
    {
        var key = $"{architecture}.rope.scaling.";
        if (scaling is LinearScaling or YarnScaling)
            to.Add(key + "type", scaling is YarnScaling ? "yarn" : "linear").Add(key + "factor", scaling.Factor);
        var own = scaling is YarnScaling y ? (y with { AttentionFactor = null }).Magnitude : 1;
        if (scaling is not null && scaling.Magnitude != own) to.Add(key + "attn_factor", scaling.Magnitude / own);
        if (scaling is not YarnScaling yarn) return;
        to.Add(key + "original_context_length", yarn.OriginalContext);
        if (yarn.BetaFast != 32) to.Add(key + "yarn_beta_fast", yarn.BetaFast);
        if (yarn.BetaSlow != 1) to.Add(key + "yarn_beta_slow", yarn.BetaSlow);
    }
}
