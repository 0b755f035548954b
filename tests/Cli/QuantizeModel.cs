using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;

namespace Dayu.Tests;

/// <summary>
/// A Hugging Face folder with a small random Llama, made by the test: wide enough for every number format, with a
/// tokenizer of the repository and more rows than it has tokens.
/// </summary>
public sealed class QuantizeModel : IDisposable
{
    readonly TempFolder folder = new();

    public QuantizeModel(string tokenizer = "smollm.json", string config = "", int context = 128)
    {
        var json = JsonNode.Parse($$"""
            { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 660, "hidden_size": 256,
              "intermediate_size": 256, "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 2,
              "rms_norm_eps": 1e-5, "rope_theta": 20000.0, "max_position_embeddings": {{context}}{{config}} }
            """)!.AsObject();
        using (var model = LoadedModel.Create(json, new ReferenceBackend(), seed: 7, train: false, gain: 5)) model.Save(Path);
        var file = System.IO.Path.Combine(Fixtures.Repo, "tests", "fixtures", "tokenizers", tokenizer);
        var fixture = JsonNode.Parse(File.ReadAllText(file))!;
        File.WriteAllText(System.IO.Path.Combine(Path, "tokenizer.json"), fixture["tokenizer"]!.ToJsonString());
        File.WriteAllText(System.IO.Path.Combine(Path, "tokenizer_config.json"), """{ "chat_template": "{{ messages[0].content }}" }""");
        File.WriteAllText(this["text.txt"],
            "Once upon a time there was a bridge over the 2 rivers, and nobody knew who had built it.\nThey called it the old one.");
    }

    /// <summary>The folder.</summary>
    public string Path => folder["model"];

    /// <summary>A path beside it.</summary>
    public string this[string name] => folder[name];

    public void Dispose() => folder.Dispose();
}
