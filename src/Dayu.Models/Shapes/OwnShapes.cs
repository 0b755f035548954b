using System.Globalization;
using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// Sizes for models of one's own: a Llama (Touvron et al. 2023, arXiv:2302.13971) with tied embeddings, heads of 64, SwiGLU of 8/3
/// of the width.
/// </summary>
public static class OwnShapes
{
    /// <summary>The greatest depth.</summary>
    public const int MostLayers = 256;

    const int HeadWidth = 64, Multiple = 64, Vocabulary = 8192, Context = 256;
    const string Depth = "depth-", Said = "Dayu; vocabulary and context are the data's, 8,192 and 256 stand for them";

    /// <summary>Layers and width of the named sizes.</summary>
    public static IReadOnlyDictionary<string, (int Layers, int Width)> Named { get; } =
        new Dictionary<string, (int, int)> { ["tiny"] = (4, 128), ["small"] = (6, 256), ["base"] = (8, 384) };

    internal static IEnumerable<NamedShape> All => Named.Select(n => Of(n.Key, n.Value.Layers, n.Value.Width));

    /// <summary>The width that goes with a number of layers: 64 each.</summary>
    public static int WidthOf(int layers) => HeadWidth * layers;

    /// <summary>A size's configuration, in the terms of <c>config.json</c>.</summary>
    /// <param name="layers">L.</param>
    /// <param name="width">C, a multiple of 64.</param>
    /// <param name="vocabulary">Tokens it is to know; rounded up to a multiple of 64.</param>
    /// <param name="context">Tokens of its longest sequence.</param>
    public static JsonObject Config(int layers, int width, int vocabulary, int context) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_size"] = width,
        ["intermediate_size"] = Rounded(width * 8 / 3),
        ["num_hidden_layers"] = layers,
        ["num_attention_heads"] = width / HeadWidth,
        ["num_key_value_heads"] = width / HeadWidth,
        ["max_position_embeddings"] = context,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["tie_word_embeddings"] = true,
        ["vocab_size"] = Rounded(vocabulary),
    };

    /// <summary>Layers and width of a named size, or of <c>depth-12</c>: so many layers; null: it is neither.</summary>
    public static (int Layers, int Width)? Find(string name)
    {
        if (Named.TryGetValue(name, out var known)) return known;
        return name.StartsWith(Depth, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Depth.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layers)
            && layers is > 0 and <= MostLayers ? (layers, WidthOf(layers)) : null;
    }

    internal static NamedShape? ShapeOf(string name) => Find(name) is var (layers, width) ? Of(name, layers, width) : null;

    static NamedShape Of(string name, int layers, int width) => new(name, Said, Config(layers, width, Vocabulary, Context));

    /// <summary>Up to a whole number of blocks of every number format (and of vectors).</summary>
    static int Rounded(int n) => (n + Multiple - 1) / Multiple * Multiple;
}
