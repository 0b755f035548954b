using System.Text.RegularExpressions;

namespace Dayu.Hub;

/// <summary>A file that may belong to a model, on this machine or on a server.</summary>
/// <param name="Path">With slashes, from the repository or folder that holds it.</param>
/// <param name="Bytes">Its length; null: not known.</param>
/// <param name="Sha256">Of its content, hexadecimal; null: not known.</param>
/// <param name="GitSha1">Of its content with git's header, hexadecimal; null: not known.</param>
public sealed record ModelFile(string Path, long? Bytes, string? Sha256 = null, string? GitSha1 = null)
{
    /// <summary>Where it is fetched from; null: it is on this machine.</summary>
    public Uri? Address { get; init; }
}

/// <summary>
/// Which of many files are a model: configuration, tokenizer and weights of a Hugging Face folder;
/// one GGUF file, or all parts of a split one.
/// </summary>
static partial class FileSelection
{
    /// <summary>What tells how the weights are meant, and how text becomes ids.</summary>
    static readonly HashSet<string> textFiles =
    [
        "config.json", "generation_config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json",
        "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "special_tokens_map.json", "added_tokens.json",
        "vocab.json", "merges.txt", "vocab.txt", "spiece.model", "sentencepiece.bpe.model",
        "chat_template.jinja", "chat_template.json",
    ];

    /// <summary>The files of one model.</summary>
    /// <param name="files">What there is.</param>
    /// <param name="source">Where; for errors.</param>
    /// <param name="tag">A word of the file's name, such as Q4_K_M; null: none.</param>
    /// <param name="pattern">The file's path, * for anything; null: none.</param>
    /// <exception cref="FileSelectionException">None fits, or several do; it says which there are.</exception>
    public static List<ModelFile> Choose(IReadOnlyList<ModelFile> files, string source, string? tag, string? pattern)
    {
        if (pattern is not null) return One(files, source, pattern, f => ModelName.IsFile(f.Path) && Fits(f.Path, pattern));
        List<ModelFile> gguf = [.. files.Where(IsGguf)];
        if (tag is not null) return One(gguf, source, tag, f => HasWord(f.Path, tag));
        List<ModelFile> weights = files.Any(f => f.Path == "config.json") ? [.. Weights(files)] : [];
        if (weights.Count > 0) return [.. files.Where(f => IsText(f.Path)), .. weights];
        return gguf.Count > 0 ? One(gguf, source, "*.gguf", _ => true) : throw FileSelectionException.None(source);
    }

    static List<ModelFile> One(IReadOnlyList<ModelFile> files, string source, string wanted, Func<ModelFile, bool> fits)
    {
        var models = files.Where(fits).GroupBy(f => (ModelName.WithoutPart(f.Path), ModelName.PartOf(f.Path) > 0)).ToList();
        if (models.Count == 1) return Ordered(models[0]);
        var choices = models.Count == 0 ? files.Where(f => ModelName.IsFile(f.Path)) : models.SelectMany(m => m);
        throw new FileSelectionException(source, wanted, Ordered(choices), isAmbiguous: models.Count > 0);
    }

    static List<ModelFile> Ordered(IEnumerable<ModelFile> files) => [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];

    /// <summary>Vision projectors (mmproj) are files for another program.</summary>
    static bool IsGguf(ModelFile file)
    {
        const StringComparison anyCase = StringComparison.OrdinalIgnoreCase;
        return file.Path.EndsWith(".gguf", anyCase) && !file.Path.Contains("mmproj", anyCase);
    }

    /// <summary>
    /// Safetensors, else PyTorch files; one file, else the parts and their index.
    /// What lies deeper is something else: other engines' forms, other checkpoints.
    /// </summary>
    static IEnumerable<ModelFile> Weights(IReadOnlyList<ModelFile> files)
    {
        foreach (var (stem, extension) in ((string, string)[])[("model", ".safetensors"), ("pytorch_model", ".bin")])
        {
            var single = files.Where(f => f.Path == stem + extension).ToList();
            if (single.Count > 0) return single;
            var parts = files.Where(f => IsPart(f.Path, stem, extension)).ToList();
            if (parts.Count > 0) return parts.Concat(files.Where(f => f.Path == $"{stem}{extension}.index.json"));
        }
        return files.Where(f => f.Path.EndsWith(".safetensors", StringComparison.Ordinal) && !f.Path.Contains('/'));
    }

    static bool IsPart(string path, string stem, string extension) =>
        path.StartsWith(stem, StringComparison.Ordinal) && path.EndsWith(extension, StringComparison.Ordinal) && Part().IsMatch(path);

    static bool IsText(string path) => textFiles.Contains(path) || Module().IsMatch(path) || Tiktoken().IsMatch(path);

    /// <summary>
    /// Whether a pattern means a path: the whole of it or its last part, * and ? standing for anything.
    /// </summary>
    static bool Fits(string path, string pattern)
    {
        var regex = "^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$";
        return Matches(path, regex) || Matches(Path.GetFileName(path), regex);
    }

    static bool HasWord(string path, string word) => Matches(path, $"(^|[^a-z0-9_]){Regex.Escape(word)}([^a-z0-9_]|$)");

    static bool Matches(string text, string regex) =>
        Regex.IsMatch(text, regex, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^[a-z_]+-[0-9]{5}-of-[0-9]{5}\.[a-z]+\z")]
    private static partial Regex Part();

    [GeneratedRegex(@"^[^/]*\.tiktoken\z")]
    private static partial Regex Tiktoken();

    /// <summary>Modules of sentence-transformers, such as <c>1_Pooling</c>.</summary>
    [GeneratedRegex(@"^[0-9]+_[A-Za-z]+/(config\.json|model\.safetensors)\z")]
    private static partial Regex Module();
}
