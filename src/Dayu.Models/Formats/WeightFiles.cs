namespace Dayu.Models;

/// <summary>
/// Which files of a folder are a model's weights, in the order Transformers looks for them; then whatever is there
/// alone of its kind.
/// </summary>
static class WeightFiles
{
    static readonly string[] published =
    [
        "model.safetensors", "model.safetensors.index.json",
        "pytorch_model.bin", "pytorch_model.bin.index.json",
    ];

    /// <summary>What training leaves beside the weights.</summary>
    static readonly string[] beside = ["training_args", "optimizer", "scheduler", "rng_state", "scaler", "tokenizer"];

    /// <summary>Whether a folder has weights beside its config.json.</summary>
    public static bool Any(string folder) => published.Any(n => File.Exists(Path.Combine(folder, n))) || Others(folder).Length > 0;

    /// <summary>The file that holds a folder's weights, or the index that names the files that do.</summary>
    /// <exception cref="InvalidDataException">There is none, or it cannot be told which.</exception>
    public static string Of(string folder)
    {
        foreach (var name in published) if (File.Exists(Path.Combine(folder, name))) return Path.Combine(folder, name);
        var others = Others(folder);
        return others.Length == 1 ? others[0] : throw new InvalidDataException(others.Length == 0
            ? $"{folder} has a config.json and no weights; {string.Join(", ", published)} or a single *.safetensors, "
                + "*.bin, *.pt or *.pth was expected"
            : $"{folder} has several files of weights ({string.Join(", ", others.Take(5).Select(Path.GetFileName))}"
                + $"{(others.Length > 5 ? ", …" : "")}) and none with a usual name; give the path of the one that is meant");
    }

    /// <summary>
    /// The weights of a file, or of all files that an index names. A file that an index beside it names is one of
    /// several.
    /// </summary>
    public static string WholeOf(string path)
    {
        var (folder, file) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        foreach (var name in published.Where(n => n.EndsWith(".json", StringComparison.Ordinal)))
            if (Path.Combine(folder, name) is var index && File.Exists(index) && Shards.Names(index, file)) return index;
        return path;
    }

    /// <summary>Maps the weights of a file, or of all files that an index names.</summary>
    /// <exception cref="NotSupportedException">The file holds something else.</exception>
    public static TensorFile Open(string path)
    {
        if (path.EndsWith(".index.json", StringComparison.Ordinal)) return Shards.Open(path);
        return FileKinds.Recognise(path) switch
        {
            FileKind.Safetensors => Safetensors.Open(path),
            FileKind.PyTorch => PyTorch.Open(path),
            var kind => throw new NotSupportedException($"{path} is {kind}; weights as safetensors or PyTorch has them were expected"),
        };
    }

    static bool IsBeside(string name) => ForeignFormats.IsAdapter(name) || beside.Any(b => name.StartsWith(b, StringComparison.Ordinal));

    static string[] Others(string folder)
    {
        string[] safetensors = [.. Directory.EnumerateFiles(folder, "*.safetensors").Where(p => !ForeignFormats.IsAdapter(p))];
        if (safetensors.Length > 0) return safetensors;
        var others = Directory.EnumerateFiles(folder).Where(p => Path.GetExtension(p) is ".bin" or ".pt" or ".pth");
        return [.. others.Where(p => !IsBeside(Path.GetFileName(p))).Order(StringComparer.Ordinal)];
    }
}
