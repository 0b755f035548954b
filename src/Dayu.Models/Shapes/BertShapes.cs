using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>BERT as it was published: with the pooler and both heads. Devlin et al. 2018, arXiv:1810.04805, section 3.</summary>
static class BertShapes
{
    public static NamedShape[] All { get; } = [Bert("bert-base", layers: 12, width: 768), Bert("bert-large", layers: 24, width: 1024)];

    static NamedShape Bert(string name, int layers, int width) =>
        new(name, "Devlin et al. 2018, arXiv:1810.04805, section 3; the uncased vocabulary", new()
        {
            ["architectures"] = new JsonArray("BertForPreTraining"), ["model_type"] = "bert", ["hidden_act"] = "gelu",
            ["vocab_size"] = 30522, ["hidden_size"] = width, ["intermediate_size"] = 4 * width, ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = width / 64, ["max_position_embeddings"] = 512, ["type_vocab_size"] = 2, ["layer_norm_eps"] = 1e-12,
        });
}
