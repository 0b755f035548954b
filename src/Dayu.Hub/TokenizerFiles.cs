using Dayu.Models;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>Finds a model's tokenizer: in its file, in its folder, beside it, or where one says.</summary>
public static class TokenizerFiles
{
    /// <summary>
    /// How tokenizer files are called and read, the best first. Outside a folder of their own something may stand
    /// before the name: <c>llama3.tokenizer.json</c>.
    /// </summary>
    static readonly (string Name, Func<string, Tokenizer> Open)[] known =
    [
        ("tokenizer.json", Tokenizers.FromJsonFile),
        ("tokenizer.model", path => Model(path, "tokenizer.model")),
        ("spiece.model", path => Model(path, "spiece.model")),
        ("sentencepiece.bpe.model", path => Model(path, "sentencepiece.bpe.model")),
        ("vocab.txt", path => Tokenizers.FromVocabTxt(File.ReadAllBytes(path), ConfigBeside(path, "vocab.txt"))),
        ("vocab.json", path => Pair(path, "vocab.json", "merges.txt")),
        ("encoder.json", path => Pair(path, "encoder.json", "vocab.bpe")),                              // OpenAI's GPT-2
        ("encoder_bpe_40000.json", path => Pair(path, "encoder_bpe_40000.json", "vocab_40000.bpe")),    // OpenAI's GPT-1
        (".tiktoken", Tokenizers.FromTiktokenFile),
        ("tokenizer.bin", path => Tokenizers.FromLlama2c(File.ReadAllBytes(path))),
        ("tokenizer.gguf", FromGguf),
    ];

    /// <summary>What else belongs to a model's text, and lies beside its tokenizer.</summary>
    static readonly string[] beside =
    [
        "merges.txt", "vocab.bpe", "vocab_40000.bpe", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "chat_template.jinja", "generation_config.json",
    ];

    /// <summary>The tokenizer of a checkpoint.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="path">A tokenizer's file that is to be used instead of the model's own.</param>
    /// <exception cref="TokenizerNotFoundException">There is none.</exception>
    public static Tokenizer Of(Checkpoint checkpoint, string? path = null)
    {
        if (path is not null) return Open(path);
        if (checkpoint.Metadata is { } m) return Tokenizers.FromGguf(Data(m));
        var found = Locate(checkpoint);
        return found.Open(found.File);
    }

    /// <summary>
    /// The tokenizer of a file (of those that are known by name, or by what they hold), of a folder, or of a model that
    /// has one in or beside it.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file, or no tokenizer in it.</exception>
    /// <exception cref="TokenizerException">It cannot be read; the message says where and why.</exception>
    public static Tokenizer Open(string path)
    {
        var found = Locate(path);
        return found.Open(found.File);
    }

    /// <summary>The file that is meant, the name by which a folder of its own would have it, and how it is read.</summary>
    static (string File, string Name, Func<string, Tokenizer> Open) Locate(string path)
    {
        if (Directory.Exists(path) && Find(path) is { } found) path = found;
        string name = Path.GetFileName(path);
        if (!Path.Exists(path) && !name.EndsWith(".tiktoken", StringComparison.OrdinalIgnoreCase))
            throw new FileNotFoundException($"no such file: {path}", path);
        if (File.Exists(path)) MappedFile.EnsureContent(path);
        var kind = Array.Find(known, k => name.EndsWith(k.Name, StringComparison.OrdinalIgnoreCase)).Name
            ?? (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? "tokenizer.json"
                : !File.Exists(path) ? null
                : Tokenizers.IsTiktoken(path) ? ".tiktoken"
                : IsLlama2c(name) ? "tokenizer.bin"
                : FileKinds.Recognise(path) == FileKind.Gguf ? "tokenizer.gguf" : null);
        if (kind is not null) return (path, kind, Array.Find(known, k => k.Name == kind).Open);
        using var checkpoint = Checkpoint.Open(path);
        return Locate(checkpoint);
    }

    static (string File, string Name, Func<string, Tokenizer> Open) Locate(Checkpoint checkpoint)
    {
        if (checkpoint.Metadata is not null) return (checkpoint.Path, "tokenizer.gguf", FromGguf);
        var folder = checkpoint.Folder ?? Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!;
        var sized = Path.Combine(folder, $"tok{checkpoint.Config["vocab_size"]}.bin");
        return Locate(Find(folder) ?? (File.Exists(sized) ? sized
            : throw new TokenizerNotFoundException(checkpoint.Path, folder, $"{Names}, {Path.GetFileName(sized)}")));
    }

    /// <summary>The best of the tokenizer files in a folder; null: there is none.</summary>
    public static string? Find(string folder)
    {
        foreach (var (name, _) in known)
        {
            var file = name.StartsWith('.')
                ? Directory.EnumerateFiles(folder, "*" + name).Order(StringComparer.Ordinal).FirstOrDefault()
                : Path.Combine(folder, name);
            if (file is not null && File.Exists(file)) return file;
        }
        return null;
    }

    /// <summary>
    /// Copies a tokenizer, and beside it chat template and generation settings; a GGUF file's metadata about its text become
    /// <c>tokenizer.gguf</c>, a file without tensors.
    /// </summary>
    /// <param name="from">What <see cref="Open"/> takes.</param>
    /// <param name="folder">Where to; made where it is not there.</param>
    /// <exception cref="FileNotFoundException">There is no tokenizer.</exception>
    /// <exception cref="NotSupportedException">It is neither a tokenizer's file nor a model.</exception>
    public static void Copy(string from, string folder)
    {
        var (file, name, _) = Locate(from);
        Directory.CreateDirectory(folder);
        bool isNamed = file.EndsWith(name, StringComparison.OrdinalIgnoreCase);
        if (name == "tokenizer.gguf" && !isNamed) CopyGguf(file, Path.Combine(folder, name));
        else
        {
            // the name of a .tiktoken file tells its encoding
            File.Copy(file, Path.Combine(folder, name.StartsWith('.') ? Path.ChangeExtension(Path.GetFileName(file), name) : name));
            foreach (var other in beside)
                if (isNamed && Beside(file, name, other) is var path && File.Exists(path)) File.Copy(path, Path.Combine(folder, other));
        }
    }

    /// <summary>What <see cref="Copy"/> takes for a checkpoint; null: it has no tokenizer that can be copied.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="tokenizer">A tokenizer's file that is to be used instead of the model's own.</param>
    public static string? Source(Checkpoint checkpoint, string? tokenizer = null)
    {
        if (tokenizer is not null) return tokenizer;
        if (checkpoint.Metadata is { } m) return m.Has("tokenizer.ggml.tokens") ? checkpoint.Path : null;
        return Find(checkpoint.Folder ?? Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!);
    }

    static void CopyGguf(string from, string to)
    {
        using var file = GgufFile.Open(from);
        var writer = new GgufWriter();
        var (m, template) = (file.Metadata, "tokenizer.chat_template");
        foreach (var key in m.Keys.Where(k => k == "general.architecture" || k.StartsWith("tokenizer.", StringComparison.Ordinal)))
            writer.Copy(key, m);
        writer.Save(to);
        if (m.Has(template)) File.WriteAllText(Beside(to, "tokenizer.gguf", "chat_template.jinja"), m.Text(template));
    }

    static Tokenizer FromGguf(string path)
    {
        using var file = GgufFile.Open(path);
        return Tokenizers.FromGguf(Data(file.Metadata));
    }

    /// <summary>llama2.c names the file after the number of words: <c>tok512.bin</c>.</summary>
    static bool IsLlama2c(string name) =>
        name.StartsWith("tok", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);

    static string Names => string.Join(", ", known.Select(kind => kind.Name));

    /// <summary>Llama 3's <c>tokenizer.model</c> is a .tiktoken file; all others are SentencePiece's.</summary>
    static Tokenizer Model(string path, string name) =>
        Tokenizers.IsTiktoken(path)
            ? Tokenizers.FromTiktokenFile(path)
            : Tokenizers.FromSentencePiece(File.ReadAllBytes(path), ConfigBeside(path, name));

    static Tokenizer Pair(string path, string vocab, string merges)
    {
        string second = Beside(path, vocab, merges);
        if (!File.Exists(second))
            throw new FileNotFoundException($"{path} is one half of a tokenizer, and {second} is not there; "
                + "put the two into one folder", second);
        return Tokenizers.FromVocabAndMerges(File.ReadAllBytes(path), File.ReadAllBytes(second), ConfigBeside(path, vocab));
    }

    /// <summary>
    /// The tokenizer_config.json beside a file (<c>x.tokenizer_config.json</c> beside <c>x.vocab.json</c>), if there is
    /// one.
    /// </summary>
    static byte[] ConfigBeside(string path, string name) =>
        Beside(path, name, "tokenizer_config.json") is var config && File.Exists(config) ? File.ReadAllBytes(config) : [];

    static string Beside(string path, string name, string other) => path[..^name.Length] + other;

    static TokenizerData Data(GgufMetadata m)
    {
        const string at = "tokenizer.ggml.";
        return new(m.Text(at + "model"), Texts("tokens"))
        {
            Pre = m.Has(at + "pre") ? m.Text(at + "pre") : null,
            Scores = m.Has(at + "scores") ? m.Floats(at + "scores") : null,
            Types = m.Has(at + "token_type") ? m.Ints(at + "token_type") : null,
            Merges = m.Has(at + "merges") ? Texts("merges") : null,
            Bos = Id("bos"),
            Eos = Id("eos"),
            Eot = Id("eot"),
            Eom = Id("eom"),
            Unk = Id("unknown"),
            Pad = Id("padding"),
            Cls = Id("cls"),
            Sep = Id("seperator"),
            Mask = Id("mask"),
            AddBos = Flag("add_bos_token"),
            AddEos = Flag("add_eos_token"),
            AddSpacePrefix = Flag("add_space_prefix"),
            Lowercase = Flag("normalizer.lowercase"),
            StripAccents = Flag("normalizer.strip_accents"),
            RemoveExtraWhitespaces = Flag("remove_extra_whitespaces"),
            CharsMap = m.Has(at + "precompiled_charsmap") ? [.. m.Ints(at + "precompiled_charsmap").Select(b => (byte)b)] : null,
        };

        Utf8Texts Texts(string name)
        {
            var written = m.Utf8Texts(at + name);
            var texts = new Utf8Texts(written.Count);
            foreach (var text in written) texts.Add(text);
            return texts;
        }

        // 4294967295 is what −1, for none, is to some writers
        int? Id(string name) => m.Has($"{at}{name}_token_id")
            ? m.Long($"{at}{name}_token_id") is >= int.MinValue and <= uint.MaxValue and var id ? unchecked((int)id) : -1 : null;
        bool? Flag(string name) => m.Has(at + name) ? m.Bool(at + name) : null;
    }
}
