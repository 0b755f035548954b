using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>What people take for a model of a known kind and is none that can be read: refused by its name.</summary>
static class ForeignFormats
{
    const string Other = "get the model in 16 bits (safetensors), or a GGUF file of it (Q4_K_M, say), which has quantised weights too";

    /// <summary>Ways to quantise by <c>quant_method</c>, with the names they are known by.</summary>
    static readonly Dictionary<string, string> methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gptq"] = "GPTQ", ["awq"] = "AWQ", ["bitsandbytes"] = "bitsandbytes", ["exl2"] = "EXL2 (ExLlamaV2)", ["exl3"] = "EXL3 (ExLlamaV3)",
        ["mlx"] = "MLX", ["hqq"] = "HQQ", ["aqlm"] = "AQLM", ["fp8"] = "FP8", ["compressed-tensors"] = "compressed-tensors",
    };

    /// <summary>Kinds of weights that only one way to quantise has, by the ends of their names.</summary>
    static readonly (string End, string Method)[] ends =
    [
        (".g_idx", "gptq"), (".qweight", "awq"), (".q_weight", "exl2"), (".trellis", "exl3"),
        (".SCB", "bitsandbytes"), (".absmax", "bitsandbytes"), (".weight_packed", "compressed-tensors"),
    ];

    /// <summary>Refuses configurations of mixtures of experts and of quantised weights.</summary>
    /// <exception cref="NotSupportedException">It is one.</exception>
    public static void Refuse(JsonObject config, string path)
    {
        if (Experts(config) is { } experts) throw new NotSupportedException($"{path}: {Mixture(experts)}");
        if (config["quantization_config"] is JsonObject said) throw Quantised(path, Method(said, config));
        if (config["quantization"] is JsonObject) throw Quantised(path, "mlx");
    }

    /// <summary>Refuses weights of ways to quantise that the configuration does not tell.</summary>
    /// <exception cref="NotSupportedException">They are such.</exception>
    public static void Refuse(TensorFile weights)
    {
        foreach (var (end, method) in ends)
            if (weights.Names.FirstOrDefault(n => n.EndsWith(end, StringComparison.Ordinal)) is { } name)
                throw Quantised($"{weights.Name}, tensor {MappedFile.Shown(name)}", method);
    }

    /// <summary>Refuses GGUF files that hold something else than a model, or experts.</summary>
    /// <exception cref="NotSupportedException">It is one.</exception>
    public static void Refuse(GgufMetadata metadata, string path)
    {
        if (metadata.Text("general.type", "model") is not "model" and var type)
            throw new NotSupportedException(type == "adapter"
                ? $"{path} is an adapter (LoRA) as GGUF, not a model; {Merge}"
                : $"{path} is a GGUF file of the type {MappedFile.Shown(type)}, not a model; name the model's own file");
        var architecture = metadata.Text("general.architecture");
        if (metadata.Int($"{architecture}.expert_count", 0) is > 0 and var experts)
            throw new NotSupportedException($"{path}: {Mixture($"{architecture}, {experts} experts")}");
    }

    /// <summary>Whether a file's name is that of an adapter's weights.</summary>
    public static bool IsAdapter(string path) => Path.GetFileName(path).StartsWith("adapter_model", StringComparison.Ordinal);

    const string Merge = "merge it into its model (PEFT's merge_and_unload, llama.cpp's llama-export-lora) and open the result";

    static string? Experts(JsonObject config)
    {
        var name = Families.Architecture(config) ?? config["model_type"]?.ToString() ?? "";
        string[] keys = ["num_local_experts", "num_experts", "n_routed_experts"];
        var count = keys.Select(k => config[k] as JsonValue).FirstOrDefault(v => v is not null);
        var isMixture = ((string[])["mixtral", "moe"]).Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
        if (count?.TryGetValue<int>(out var n) == true && n > 1) return $"{MappedFile.Shown(name)}, {n} experts";
        return isMixture ? MappedFile.Shown(name) : null;
    }

    static string Mixture(string what) =>
        $"a mixture of experts ({what}), as Mixtral is one; only dense models can be computed here: get one of these";

    /// <summary>Files of bitsandbytes and MLX from before there was <c>quant_method</c> say it in other ways.</summary>
    static string Method(JsonObject said, JsonObject config) => said["quant_method"]?.ToString()
        ?? (config["quantization"] is JsonObject ? "mlx" : said.Any(k => k.Key.StartsWith("load_in_", StringComparison.Ordinal))
            ? "bitsandbytes" : "(not named)");

    static NotSupportedException Quantised(string path, string method)
    {
        var name = methods.GetValueOrDefault(method) ?? MappedFile.Shown(method);
        return new($"{path}: the weights are quantised as {name}, which cannot be read here; {Other}");
    }
}
