namespace Dayu.Text;

/// <summary>
/// The tokenizer of a GGUF file, key by key. An absent key is null. (GGUF specification, "Tokenizer"; llama.cpp's
/// <c>llama-vocab.cpp</c> for the meaning.)
/// </summary>
/// <param name="Model">
/// <c>tokenizer.ggml.model</c>: the algorithm, "gpt2" (byte-level BPE), "llama" (SentencePiece BPE), "bert" (WordPiece)
/// or "t5" (unigram).
/// </param>
/// <param name="Tokens"><c>tokenizer.ggml.tokens</c>: texts by id, as the file writes them (spaces as Ġ or ▁).</param>
public sealed record TokenizerData(string Model, Utf8Texts Tokens)
{
    /// <summary><c>tokenizer.ggml.pre</c>: the pre-tokenizer's name; byte-level BPE needs it.</summary>
    public string? Pre { get; init; }

    /// <summary><c>tokenizer.ggml.scores</c>, one for each token; SentencePiece needs them.</summary>
    public float[]? Scores { get; init; }

    /// <summary>
    /// <c>tokenizer.ggml.token_type</c>, one for each token: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused,
    /// 6 byte.
    /// </summary>
    public int[]? Types { get; init; }

    /// <summary><c>tokenizer.ggml.merges</c>: "left right" in order of rank; byte-level BPE needs them.</summary>
    public Utf8Texts? Merges { get; init; }

    /// <summary><c>tokenizer.ggml.bos_token_id</c></summary>
    public int? Bos { get; init; }

    /// <summary><c>tokenizer.ggml.eos_token_id</c></summary>
    public int? Eos { get; init; }

    /// <summary><c>tokenizer.ggml.eot_token_id</c>: end of a turn.</summary>
    public int? Eot { get; init; }

    /// <summary><c>tokenizer.ggml.eom_token_id</c>: end of a message.</summary>
    public int? Eom { get; init; }

    /// <summary><c>tokenizer.ggml.unknown_token_id</c></summary>
    public int? Unk { get; init; }

    /// <summary><c>tokenizer.ggml.padding_token_id</c></summary>
    public int? Pad { get; init; }

    /// <summary><c>tokenizer.ggml.cls_token_id</c>: before every text (BERT).</summary>
    public int? Cls { get; init; }

    /// <summary><c>tokenizer.ggml.seperator_token_id</c> (so spelt): after every text (BERT).</summary>
    public int? Sep { get; init; }

    /// <summary><c>tokenizer.ggml.mask_token_id</c></summary>
    public int? Mask { get; init; }

    /// <summary><c>tokenizer.ggml.normalizer.lowercase</c>; WordPiece only, true where absent.</summary>
    public bool? Lowercase { get; init; }

    /// <summary>
    /// <c>tokenizer.ggml.normalizer.strip_accents</c>; WordPiece only, as <see cref="Lowercase"/> where absent.
    /// </summary>
    public bool? StripAccents { get; init; }

    /// <summary><c>tokenizer.ggml.add_bos_token</c></summary>
    public bool? AddBos { get; init; }

    /// <summary><c>tokenizer.ggml.add_eos_token</c></summary>
    public bool? AddEos { get; init; }

    /// <summary><c>tokenizer.ggml.add_space_prefix</c></summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary><c>tokenizer.ggml.remove_extra_whitespaces</c>; unigram only, false where absent.</summary>
    public bool? RemoveExtraWhitespaces { get; init; }

    /// <summary>
    /// <c>tokenizer.ggml.precompiled_charsmap</c>: SentencePiece's character map, applied first; unigram only.
    /// </summary>
    public byte[]? CharsMap { get; init; }

    /// <summary>What the file says that is not so and was left out.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];
}
