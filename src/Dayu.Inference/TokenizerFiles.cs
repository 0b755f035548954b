using Dayu.Models;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>Finds a model's tokenizer: in its file, in its folder, beside it, or where one says.</summary>
public static class TokenizerFiles
{
    /// <summary>The tokenizer of a checkpoint.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="path">A tokenizer's file that is to be used instead of the model's own.</param>
    /// <exception cref="FileNotFoundException">There is none; the message says where it was looked for.</exception>
    public static Tokenizer Of(Checkpoint checkpoint, string? path = null)
    {
        if (path is not null) return Open(path);
        if (checkpoint.Metadata is { } m) return Tokenizers.FromGguf(Data(m));
        var folder = checkpoint.Folder ?? Path.GetDirectoryName(Path.GetFullPath(checkpoint.Path))!;
        string[] names = ["tokenizer.json", "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "tokenizer.bin", $"tok{checkpoint.Config["vocab_size"]}.bin"];
        return names.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists) is { } found ? Open(found)
            : throw new FileNotFoundException($"{checkpoint.Path} has no tokenizer, and {folder} has neither of {string.Join(", ", names)}; name its file with --tokenizer");
    }

    /// <summary>The tokenizer of a file: <c>tokenizer.json</c>, <c>vocab.txt</c>, SentencePiece's <c>.model</c>, llama2.c's <c>tokenizer.bin</c>, or a model that has one in or beside it.</summary>
    public static Tokenizer Open(string path)
    {
        if (!Path.Exists(path)) throw new FileNotFoundException($"no such file: {path}", path);
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return Tokenizers.FromJsonFile(path);
        if (path.EndsWith("vocab.txt", StringComparison.OrdinalIgnoreCase)) return Tokenizers.FromVocabTxt(File.ReadAllBytes(path), ConfigBeside(path));
        if (path.EndsWith(".model", StringComparison.OrdinalIgnoreCase)) return Tokenizers.FromSentencePiece(File.ReadAllBytes(path), ConfigBeside(path));
        if (Path.GetFileName(path).StartsWith("tok", StringComparison.OrdinalIgnoreCase) && File.Exists(path) || path.EndsWith(".tokenizer.bin", StringComparison.OrdinalIgnoreCase))
            return Tokenizers.FromLlama2c(File.ReadAllBytes(path));
        if (File.Exists(path) && FileKinds.Recognise(path) == FileKind.Gguf)
        {
            using var file = GgufFile.Open(path);
            return Tokenizers.FromGguf(Data(file.Metadata));
        }
        using var checkpoint = Checkpoint.Open(path);
        return Of(checkpoint);
    }

    /// <summary>The tokenizer_config.json beside a file, if there is one; <c>x.tokenizer_config.json</c> beside <c>x.vocab.txt</c>.</summary>
    static byte[] ConfigBeside(string path)
    {
        string[] names = ["vocab.txt", "tokenizer.model", Path.GetFileName(path)];
        string config = path[..^names.First(path.EndsWith).Length] + "tokenizer_config.json";
        return File.Exists(config) ? File.ReadAllBytes(config) : [];
    }

    static TokenizerData Data(GgufMetadata m)
    {
        const string at = "tokenizer.ggml.";
        return new(m.Text(at + "model"), m.Texts(at + "tokens"))
        {
            Pre = m.Has(at + "pre") ? m.Text(at + "pre") : null,
            Scores = m.Has(at + "scores") ? m.Floats(at + "scores") : null,
            Types = m.Has(at + "token_type") ? m.Ints(at + "token_type") : null,
            Merges = m.Has(at + "merges") ? m.Texts(at + "merges") : null,
            Bos = Id("bos"), Eos = Id("eos"), Eot = Id("eot"), Eom = Id("eom"), Unk = Id("unknown"), Pad = Id("padding"), Cls = Id("cls"), Sep = Id("seperator"), Mask = Id("mask"),
            AddBos = Flag("add_bos_token"), AddEos = Flag("add_eos_token"), AddSpacePrefix = Flag("add_space_prefix"),
            Lowercase = Flag("normalizer.lowercase"), StripAccents = Flag("normalizer.strip_accents"), RemoveExtraWhitespaces = Flag("remove_extra_whitespaces"),
            CharsMap = m.Has(at + "precompiled_charsmap") ? [.. m.Ints(at + "precompiled_charsmap").Select(b => (byte)b)] : null,
        };

        int? Id(string name) => m.Has($"{at}{name}_token_id") ? m.Int($"{at}{name}_token_id") : null;
        bool? Flag(string name) => m.Has(at + name) ? m.Bool(at + name) : null;
    }
}
