using Dayu.Models;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>
/// What a GGUF file says of a model's text: tokenizer and chat template, whatever files they come from.
/// </summary>
public static class GgufText
{
    const int Unused = 5;

    /// <summary>
    /// Encoded by the tokenizer and by what the file will say of it: they must agree before anything is written.
    /// </summary>
    static readonly string[] trials =
    [
        "Hello, world! It's 12345.67 — isn't it?\n\n  Two  spaces,\ttabs\r\nand lines.  ",
        "naïve café ÅÄÖ ß Ω 大禹治水，三过家门而不入。 こんにちは 안녕하세요 🙂👩‍👩‍👧",
        "def f(x):\n    return x**2  # 0x1F 3.14e-10\n\n\n",
        "I'll we've THEY'RE don't 'tis O'Neil",
        " leading",
        "trailing ",
        "<|im_start|>user\n</s><s>[INST] {\"a\": [1,2]}",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1 22 333 4444 55555",
        "",
        " ",
        "   \n \n",
    ];

    /// <summary>The metadata of tokenizer and template.</summary>
    /// <param name="checkpoint">The model, which is no GGUF file. Where it has rows for more words than the tokenizer,
    /// the rest is filled up.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is not beside the model.</param>
    /// <exception cref="TokenizerException">GGUF has no words for the tokenizer, or says less than all of
    /// it.</exception>
    public static Action<GgufWriter> Of(Checkpoint checkpoint, string? tokenizer = null)
    {
        var vocabulary = checkpoint.Config["vocab_size"]?.GetValue<int>()
            ?? throw new InvalidDataException($"{checkpoint.Path}: the configuration has no vocab_size");
        var made = TokenizerFiles.Of(checkpoint, tokenizer);
        var data = SentencePiece(checkpoint, tokenizer) is { } file
            ? Tokenizers.SentencePieceToGguf(File.ReadAllBytes(file), made.Special)
            : made.ToGguf();
        if (data.Tokens.Count > vocabulary) data = Cut(data, vocabulary);
        var again = Tokenizers.FromGguf(data);
        foreach (var text in trials)
            if (!made.Encode(text, parseSpecial: false).SequenceEqual(again.Encode(text, parseSpecial: false)))
                throw new TokenizerException($"{checkpoint.Path}: a GGUF file would cut '{text.Trim()}' otherwise than this "
                    + $"{made.Kind} tokenizer does, which does more than GGUF can say. Convert the model with its authors' tools.");
        var templates = TemplateSources.Of(checkpoint);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(checkpoint.Path)));
        var padded = Padded(data, vocabulary);
        return writer =>
        {
            writer.Add("general.name", name);
            Write(writer, padded);
            templates.Write(writer);
        };
    }

    /// <summary>SentencePiece's own file, which knows the scores; null: there is none.</summary>
    static string? SentencePiece(Checkpoint checkpoint, string? tokenizer)
    {
        var path = tokenizer ?? (checkpoint.Folder is { } folder ? Path.Combine(folder, "tokenizer.model") : "");
        return path.EndsWith(".model", StringComparison.Ordinal) && File.Exists(path) && !Tokenizers.IsTiktoken(path) ? path : null;
    }

    /// <summary>The first tokens alone: a file has one for each row of the model, which cannot use the others.</summary>
    static TokenizerData Cut(TokenizerData data, int vocabulary)
    {
        Utf8Texts tokens = [.. data.Tokens.Take(vocabulary)];
        var kept = tokens.ToHashSet(StringComparer.Ordinal);
        return data with
        {
            Tokens = tokens,
            Types = data.Types?[..vocabulary],
            Scores = data.Scores?[..vocabulary],
            Merges = data.Merges is { } merges ? [.. merges.Where(m => kept.Contains(m.Replace(" ", "", StringComparison.Ordinal)))] : null,
            Bos = Kept(data.Bos),
            Eos = Kept(data.Eos),
            Eot = Kept(data.Eot),
            Eom = Kept(data.Eom),
            Unk = Kept(data.Unk),
            Pad = Kept(data.Pad),
            Cls = Kept(data.Cls),
            Sep = Kept(data.Sep),
            Mask = Kept(data.Mask),
        };

        int? Kept(int? id) => id < vocabulary ? id : null;
    }

    /// <summary>As many tokens as the model has rows.</summary>
    static TokenizerData Padded(TokenizerData data, int vocabulary)
    {
        var more = vocabulary - data.Tokens.Count;
        return data with
        {
            Tokens = [.. data.Tokens, .. Enumerable.Range(data.Tokens.Count, more).Select(id => $"[PAD{id}]")],
            Types = data.Types is { } types ? [.. types, .. Enumerable.Repeat(Unused, more)] : null,
            Scores = data.Scores is { } scores ? [.. scores, .. Enumerable.Repeat(-1000f, more)] : null,
        };
    }

    static void Write(GgufWriter to, TokenizerData data)
    {
        const string at = "tokenizer.ggml.";
        to.Add(at + "model", data.Model).Add(at + "tokens", data.Tokens);
        if (data.Pre is { } pre) to.Add(at + "pre", pre);
        if (data.Scores is { } scores) to.Add(at + "scores", scores);
        if (data.Types is { } types) to.Add(at + "token_type", types);
        if (data.Merges is { } merges) to.Add(at + "merges", merges);
        Token("bos", data.Bos);
        Token("eos", data.Eos);
        Token("eot", data.Eot);
        Token("eom", data.Eom);
        Token("unknown", data.Unk);
        Token("padding", data.Pad);
        Token("cls", data.Cls);
        Token("seperator", data.Sep);
        Token("mask", data.Mask);
        Flag("add_bos_token", data.AddBos);
        Flag("add_eos_token", data.AddEos);
        Flag("add_space_prefix", data.AddSpacePrefix);
        Flag("normalizer.lowercase", data.Lowercase);
        Flag("normalizer.strip_accents", data.StripAccents);

        void Token(string name, int? id)
        {
            if (id is { } known) to.Add($"{at}{name}_token_id", known);
        }

        void Flag(string name, bool? flag)
        {
            if (flag is { } known) to.Add(at + name, known);
        }
    }
}
