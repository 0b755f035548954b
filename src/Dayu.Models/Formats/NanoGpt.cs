using System.Globalization;
using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// nanoGPT's <c>ckpt.pt</c> (github.com/karpathy/nanoGPT, train.py): a GPT-2 in PyTorch's own order, whose shape is not in a
/// configuration beside it but in the file, under <c>model_args</c>.
/// </summary>
public static class NanoGpt
{
    /// <summary>What its keys begin with in a PyTorch file's metadata.</summary>
    internal const string Args = "model_args";

    /// <summary>As GPT-2's <c>config.json</c>; null: the file is none of nanoGPT's.</summary>
    /// <exception cref="InvalidDataException">A size is missing, or no whole number.</exception>
    internal static JsonObject? Config(TensorFile file)
    {
        if (!file.Metadata.Keys.Any(k => k.StartsWith($"{Args}.", StringComparison.Ordinal))) return null;
        var dropout = double.TryParse(Said(file, "dropout"), CultureInfo.InvariantCulture, out var share) ? share : 0;
        return new()
        {
            ["architectures"] = new JsonArray("GPT2LMHeadModel"), ["model_type"] = "gpt2",
            ["vocab_size"] = Size(file, "vocab_size"), ["n_positions"] = Size(file, "block_size"),
            ["n_layer"] = Size(file, "n_layer"), ["n_head"] = Size(file, "n_head"), ["n_embd"] = Size(file, "n_embd"),
            ["activation_function"] = "gelu", ["layer_norm_epsilon"] = 1e-5, ["tie_word_embeddings"] = true,
            ["embd_pdrop"] = dropout, ["attn_pdrop"] = dropout, ["resid_pdrop"] = dropout,
        };
    }

    /// <summary>
    /// Its tensors; where it was made without biases, which GPT-2 has, they are there and zero: the same function, and training on
    /// may change them.
    /// </summary>
    /// <param name="file">Belongs to the result from now on.</param>
    /// <param name="config">Of it.</param>
    internal static TensorFile Completed(TensorFile file, JsonObject config)
    {
        int width = (int)config["n_embd"]!, layers = (int)config["n_layer"]!;
        var (parts, wide) = (new Dictionary<string, int> { ["transformer.ln_f.bias"] = width }, 4L * width);
        foreach (var h in Enumerable.Range(0, Math.Min(layers, file.Entries.Count)).Select(i => $"transformer.h.{i}"))
            foreach (var (part, times) in ((string, int)[])
                [("ln_1", 1), ("ln_2", 1), ("attn.c_attn", 3), ("attn.c_proj", 1), ("mlp.c_fc", 4), ("mlp.c_proj", 1)])
                parts[$"{h}.{part}.bias"] = times * width;
        var missing = parts.Where(p => !file.Has(p.Key)).ToArray();
        if (missing.Length == 0 || wide is <= 0 or > 1 << 24) return file;
        var zeros = new MappedFile(file.Name, new byte[wide * sizeof(float)]);
        var entries = missing.ToDictionary(p => p.Key, p => new TensorEntry(p.Key, DType.F32, new(p.Value), zeros.Address));
        return TensorFile.Join(file.Name, file, new TensorFile($"{file.Name} (biases of zero)", entries, zeros));
    }

    /// <summary>The characters of the tokens of its <c>meta.pkl</c> (data/shakespeare_char/prepare.py), by id.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    /// <exception cref="NotSupportedException">The pickle asks for more than texts and numbers.</exception>
    public static IReadOnlyList<string> Characters(string path)
    {
        using var file = new MappedFile(path);
        var root = new PyTorchPickle(file, 0, file.Length, new(file)).Read() as PickledDict;
        var known = root?.Find(p => p.Key is "itos").Value as PickledDict
            ?? throw new InvalidDataException($"{path} has no itos; nanoGPT's meta.pkl, with the character of each id, was expected");
        var all = new string[known.Count];
        foreach (var (key, value) in known)
            if ((key, value) is (long id and >= 0, string { Length: > 0 } text) && id < all.Length && all[id] is null) all[id] = text;
            else throw new InvalidDataException($"{path}: itos is no list of {all.Length} characters by their ids, from 0");
        return all;
    }

    static string? Said(TensorFile file, string key) => file.Metadata.GetValueOrDefault($"{Args}.{key}");

    static int Size(TensorFile file, string key) =>
        int.TryParse(Said(file, key), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size > 0 ? size
            : throw new InvalidDataException($"{file.Name}: {Args} says {key} is {Said(file, key) ?? "nothing"}; "
                + "a whole number above 0 was expected");
}
