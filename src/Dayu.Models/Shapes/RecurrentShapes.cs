using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// Recurrent language models in sizes that others were measured against: LSTMs of Zaremba et al. 2014, arXiv:1409.2329, on the Penn
/// Treebank; cells of all three kinds in the sizes of PyTorch's example word_language_model, on WikiText-2.
/// </summary>
static class RecurrentShapes
{
    const string Zaremba = "Zaremba et al. 2014, arXiv:1409.2329, section 4.1",
        Example = "github.com/pytorch/examples, word_language_model";

    public static NamedShape[] All { get; } =
    [
        Of("rnn", "rnn-200", Example, vocabulary: 33278, width: 200, dropout: 0.2),
        Of("gru", "gru-200", Example, vocabulary: 33278, width: 200, dropout: 0.2),
        Of("lstm", "lstm-200", Example, vocabulary: 33278, width: 200, dropout: 0.2),
        Of("lstm", "lstm-medium", Zaremba, vocabulary: 10000, width: 650, dropout: 0.5),
        Of("lstm", "lstm-large", Zaremba, vocabulary: 10000, width: 1500, dropout: 0.65),
    ];

    static NamedShape Of(string family, string name, string source, int vocabulary, int width, double dropout) => new(name, source, new()
    {
        ["model_type"] = family, ["vocab_size"] = vocabulary, ["embedding_size"] = width, ["hidden_size"] = width, ["num_layers"] = 2,
        ["dropout"] = dropout,
    });
}
