using Dayu.Models;

namespace Dayu.Hub;

/// <summary>A number format in a model's files.</summary>
/// <param name="Name">The format.</param>
/// <param name="Tensors">How many tensors are in it.</param>
/// <param name="Bytes">How many bytes they take.</param>
public sealed record FormatShare(string Name, int Tensors, long Bytes);

/// <summary>
/// What a checkpoint's headers say of a model; its weights are not read. A number that they do not say is 0.
/// </summary>
/// <param name="Family">As this program calls it: <c>llama</c>.</param>
/// <param name="Architecture">As the configuration calls it; <c>?</c>: it does not say.</param>
/// <param name="Parameters">Number of weights; tables that only spare a computation are none.</param>
/// <param name="Context">Tokens that the model was made to read.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Width">Values of a hidden state, C.</param>
/// <param name="Heads">Heads of attention that ask.</param>
/// <param name="KvHeads">Heads of attention that are asked.</param>
/// <param name="Vocabulary">Number of tokens that are predicted, V.</param>
/// <param name="Formats">Number formats, the one that takes most bytes first.</param>
public sealed record ModelFacts(
    string Family, string Architecture, long Parameters, int Context, int Layers, int Width, int Heads, int KvHeads, int Vocabulary,
    IReadOnlyList<FormatShare> Formats)
{
    /// <summary>The facts of a model.</summary>
    /// <param name="path">A GGUF file, a Hugging Face folder, a llama2.c file.</param>
    /// <exception cref="InvalidDataException">It is damaged, or no model.</exception>
    /// <exception cref="NotSupportedException">The family is not known.</exception>
    public static ModelFacts Of(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Of(checkpoint);
    }

    /// <summary>The facts of a model that is open.</summary>
    public static ModelFacts Of(Checkpoint checkpoint)
    {
        var (config, tensors) = (ConfigFacts.Of(checkpoint.Config), checkpoint.Tensors.Entries.Values);
        var formats = tensors.GroupBy(t => t.DType.Name).Select(g => new FormatShare(g.Key, g.Count(), g.Sum(t => t.Bytes)));
        return new(
            checkpoint.Family.Name,
            Families.Architecture(checkpoint.Config) ?? "?",
            tensors.Where(t => !t.Name.StartsWith("rope_", StringComparison.Ordinal)).Sum(t => t.Shape.Count),
            config.Context, config.Layers, config.Width, config.Heads, config.KvHeads, config.Vocabulary,
            [.. formats.OrderByDescending(f => f.Bytes)]);
    }

    /// <summary>The number format that takes most of the files.</summary>
    public string Type => Formats.Count > 0 ? Formats[0].Name : "?";

    /// <summary>What a model says of text.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    /// <returns>Null: it has no tokenizer, and is a model all the same.</returns>
    public static TextParts? TextOf(Checkpoint checkpoint, string? tokenizer = null)
    {
        if (tokenizer is null && checkpoint.Metadata?.Has("tokenizer.ggml.tokens") == false) return null;
        try { return TextParts.Of(checkpoint, tokenizer); }
        catch (FileNotFoundException) when (tokenizer is null) { return null; }
    }
}
