using System.Text.RegularExpressions;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A file on offer.</summary>
/// <param name="Path">With slashes, from where everything lies.</param>
/// <param name="Bytes">Its length; null: not known yet.</param>
/// <param name="Sha256">Of its content, hexadecimal; null: not known.</param>
/// <param name="GitSha1">Of its content with git's header; null: not known.</param>
sealed record Offered(string Path, long? Bytes, string? Sha256 = null, string? GitSha1 = null)
{
    /// <summary>Where it is fetched from; null: it is on this machine.</summary>
    public Uri? Address { get; init; }
}

/// <summary>Which of many files are a model: configuration, tokenizer and weights of a Hugging Face folder; one GGUF file, or its parts where it is split.</summary>
static partial class Selection
{
    /// <summary>The files of one model.</summary>
    /// <param name="of">What is on offer.</param>
    /// <param name="source">For messages.</param>
    /// <param name="tag">A word of the file's name, such as Q4_K_M; null: none.</param>
    /// <param name="pattern">The file's path, * for anything; null: none.</param>
    /// <exception cref="CliError">None fits, or more than one; says which there are.</exception>
    public static List<Offered> Of(IReadOnlyList<Offered> of, string source, string? tag, string? pattern)
    {
        if (pattern is not null) return One(of, source, pattern, f => ModelName.IsFile(f.Path) && Fits(f.Path, pattern));
        var gguf = of.Where(f => f.Path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !f.Path.Contains("mmproj", StringComparison.OrdinalIgnoreCase)).ToList();
        if (tag is not null) return One(gguf, source, tag, f => HasWord(f.Path, tag));
        List<Offered> weights = [.. Weights(of)];
        if (weights.Count > 0 && of.Any(f => f.Path == "config.json")) return [.. of.Where(f => IsText(f.Path)), .. weights];
        return gguf.Count > 0 ? One(gguf, source, "*.gguf", _ => true) : throw new CliError(3012, source);
    }

    static List<Offered> One(IReadOnlyList<Offered> of, string source, string wanted, Func<Offered, bool> fits)
    {
        var models = of.Where(fits).GroupBy(f => ModelName.PartOf(f.Path) > 0 ? f.Path[..^"00001-of-00001.gguf".Length] : f.Path).ToList();
        if (models.Count == 1) return [.. models[0].OrderBy(f => f.Path, StringComparer.Ordinal)];
        throw new CliError(models.Count == 0 ? 3011 : 2032, source, wanted, Listed(models.Count == 0 ? of.Where(f => ModelName.IsFile(f.Path)) : models.SelectMany(m => m)));
    }

    /// <summary>The choices, a line for each.</summary>
    static string Listed(IEnumerable<Offered> files)
    {
        const int most = 40;
        string[] lines = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => $"  {Visible.OneLine(f.Path)}{(f.Bytes is { } n ? $"  {Units.Bytes(n)}" : "")}")];
        return lines.Length == 0 ? "–" : string.Join("\n  ", [.. lines.Take(most), .. lines.Length > most ? [$"  … {lines.Length - most}"] : (string[])[]]);
    }

    /// <summary>Safetensors, else PyTorch files; one file, else the parts and their index. What lies deeper is something else (other engines' forms, other checkpoints).</summary>
    static IEnumerable<Offered> Weights(IReadOnlyList<Offered> of)
    {
        foreach (var (stem, extension) in ((string, string)[])[("model", ".safetensors"), ("pytorch_model", ".bin")])
        {
            var single = of.Where(f => f.Path == stem + extension).ToList();
            if (single.Count > 0) return single;
            var parts = of.Where(f => Part().IsMatch(f.Path) && f.Path.StartsWith(stem, StringComparison.Ordinal) && f.Path.EndsWith(extension, StringComparison.Ordinal)).ToList();
            if (parts.Count > 0) return parts.Concat(of.Where(f => f.Path == $"{stem}{extension}.index.json"));
        }
        return of.Where(f => f.Path.EndsWith(".safetensors", StringComparison.Ordinal) && !f.Path.Contains('/'));
    }

    /// <summary>What tells how the weights are meant, and how text becomes ids.</summary>
    static bool IsText(string path) => path is "config.json" or "generation_config.json" or "tokenizer.json" or "tokenizer_config.json" or "tokenizer.model" or "special_tokens_map.json" or "added_tokens.json"
        or "vocab.json" or "merges.txt" or "vocab.txt" or "spiece.model" or "sentencepiece.bpe.model" or "chat_template.jinja" or "chat_template.json" or "modules.json" or "sentence_bert_config.json"
        or "config_sentence_transformers.json" || (!path.Contains('/') && path.EndsWith(".tiktoken", StringComparison.Ordinal)) || Module().IsMatch(path);

    /// <summary>Whether a path is meant by a pattern: itself, its last part, or with * and ? put in.</summary>
    static bool Fits(string path, string pattern)
    {
        var regex = "^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$";
        return ((string[])[path, Path.GetFileName(path)]).Any(p => Regex.IsMatch(p, regex, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking));
    }

    static bool HasWord(string path, string word) => Regex.IsMatch(path, $"(^|[^a-z0-9_]){Regex.Escape(word)}([^a-z0-9_]|$)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^[a-z_]+-[0-9]{5}-of-[0-9]{5}\.[a-z]+\z")]
    private static partial Regex Part();

    [GeneratedRegex(@"^[0-9]+_[A-Za-z]+/(config\.json|model\.safetensors)\z")]
    private static partial Regex Module();
}
