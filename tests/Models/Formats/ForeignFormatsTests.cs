using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What cannot be read is refused by the name it is known by.</summary>
public sealed class ForeignFormatsTests
{
    /// <summary>A folder with a configuration and one tensor.</summary>
    static TempFolder Folder(string config, string tensor = "a", string file = "model.safetensors")
    {
        var folder = new TempFolder();
        File.WriteAllText(folder["config.json"], config);
        Safetensors.Write(folder[file], [TensorSource.Of(tensor, DType.F32, new Shape(1), new float[1])]);
        return folder;
    }

    static void Refused(string path, string says) => Throws.Saying<NotSupportedException>(says, () => Checkpoint.Open(path));

    [Theory]
    [InlineData("""  "quantization_config": { "quant_method": "gptq", "bits": 4 }  """, "quantised as GPTQ")]
    [InlineData("""  "quantization_config": { "quant_method": "awq" }  """, "quantised as AWQ")]
    [InlineData("""  "quantization_config": { "quant_method": "bitsandbytes" }  """, "quantised as bitsandbytes")]
    [InlineData("""  "quantization_config": { "load_in_8bit": true }  """, "quantised as bitsandbytes")]
    [InlineData("""  "quantization_config": { "quant_method": "exl2" }  """, "quantised as EXL2")]
    [InlineData("""  "quantization_config": { "quant_method": "of tomorrow" }  """, "quantised as 'of tomorrow'")]
    [InlineData("""  "quantization": { "bits": 4, "group_size": 64 }  """, "quantised as MLX")]
    [InlineData("""  "quantization": { "bits": 4 }, "quantization_config": { "bits": 4 }  """, "quantised as MLX")]
    [InlineData("""  "num_local_experts": 8  """, "a mixture of experts ('LlamaForCausalLM', 8 experts)")]
    public void Configurations(string said, string says)
    {
        using var folder = Folder($$"""{ "architectures": ["LlamaForCausalLM"], {{said}} }""");
        Refused(folder.Path, says);
    }

    [Theory]
    [InlineData("MixtralForCausalLM"), InlineData("Qwen3MoeForCausalLM")]
    public void Mixtures(string architecture)
    {
        using var folder = Folder($$"""{ "architectures": ["{{architecture}}"] }""");
        Refused(folder.Path, $"a mixture of experts ('{architecture}')");
    }

    [Theory]
    [InlineData("l.g_idx", "GPTQ"), InlineData("l.qweight", "AWQ"), InlineData("l.q_weight", "EXL2"), InlineData("l.SCB", "bitsandbytes")]
    public void WeightsWhoseConfigurationKeepsSilent(string tensor, string method)
    {
        using var folder = Folder("""{ "architectures": ["LlamaForCausalLM"], "quantization_config": null }""", tensor);
        Refused(folder.Path, $"tensor '{tensor}': the weights are quantised as {method}");
    }

    [Theory]
    [InlineData(false, ""), InlineData(true, ""), InlineData(false, "adapter_model.safetensors")]
    public void Adapters(bool withConfig, string file)
    {
        using var folder = Folder("""{ "architectures": ["LlamaForCausalLM"] }""", file: "adapter_model.safetensors");
        File.WriteAllText(folder["adapter_config.json"], """{ "peft_type": "LORA", "base_model_name_or_path": "x/y", "bias": NaN }""");
        if (!withConfig) File.Delete(folder["config.json"]);
        const string says = "a PEFT adapter ('LORA' of the model 'x/y'), not a model; name the model that it was learnt on";
        Throws.Saying<AdapterAloneException>(says, () => Checkpoint.Open(folder[file]));
    }

    [Theory]
    [InlineData("adapter", "an adapter (LoRA) as GGUF, not a model"), InlineData("imatrix", "of the type 'imatrix', not a model")]
    public void GgufFilesOfOtherTypes(string type, string says)
    {
        using var folder = new TempFolder();
        new GgufWriter().Add("general.architecture", "llama").Add("general.type", type)
            .Add(TensorSource.Of("a.lora_a", DType.F32, new Shape(1), new float[1])).Save(folder["a.gguf"]);
        Refused(folder["a.gguf"], says);
    }
}
