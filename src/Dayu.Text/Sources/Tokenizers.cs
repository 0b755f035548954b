namespace Dayu.Text;

/// <summary>Reads tokenizers from files of all the usual kinds.</summary>
public static class Tokenizers
{
    /// <summary>Reads the metadata of a GGUF file.</summary>
    /// <exception cref="TokenizerException">
    /// The metadata is damaged, or names an algorithm or a pre-tokenizer that is not known; the message lists the known
    /// ones.
    /// </exception>
    public static Tokenizer FromGguf(TokenizerData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return GgufTokenizer.Read(data);
    }

    /// <summary>Reads Hugging Face's tokenizer.json.</summary>
    /// <param name="tokenizerJson">The file, in UTF-8.</param>
    /// <param name="tokenizerConfig">
    /// tokenizer_config.json, if there is one: only that file names the tokens that begin and end a text.
    /// </param>
    /// <exception cref="TokenizerException">
    /// A file is damaged, or holds anything that is not known; the message says where and what.
    /// </exception>
    public static Tokenizer FromJson(ReadOnlyMemory<byte> tokenizerJson, ReadOnlyMemory<byte> tokenizerConfig = default) =>
        TokenizerJson.Read(tokenizerJson, tokenizerConfig);

    /// <summary>
    /// Reads a tokenizer.json on disk, with the tokenizer_config.json beside it if there is one
    /// (<c>x.tokenizer.json</c> goes with <c>x.tokenizer_config.json</c>).
    /// </summary>
    /// <exception cref="TokenizerException">As <see cref="FromJson"/>.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Tokenizer FromJsonFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool isUsualName = path.EndsWith("tokenizer.json", StringComparison.Ordinal);
        string config = isUsualName ? path[..^".json".Length] + "_config.json" : "";
        return FromJson(File.ReadAllBytes(path), File.Exists(config) ? File.ReadAllBytes(config) : default);
    }

    /// <summary>Reads BERT's vocab.txt.</summary>
    /// <param name="vocab">A token on each line (BERT), or token, tab, id (ERNIE).</param>
    /// <param name="tokenizerConfig">
    /// tokenizer_config.json, if there is one: it says whether text is lowercased and accents are stripped. Without it,
    /// a vocabulary in which words have capital letters keeps text as it is, and any other lowercases it.
    /// </param>
    /// <exception cref="TokenizerException">A file is damaged, or holds anything that is not known.</exception>
    public static Tokenizer FromVocabTxt(ReadOnlySpan<byte> vocab, ReadOnlyMemory<byte> tokenizerConfig = default) =>
        BertVocabulary.Read(vocab, tokenizerConfig);

    /// <summary>Reads a SentencePiece <c>.model</c> (unigram, BPE, characters).</summary>
    /// <param name="model">The file.</param>
    /// <param name="tokenizerConfig">
    /// tokenizer_config.json, if there is one: only that file says which tokens are added to a text. Without it, BPE
    /// vocabularies add their BOS before it (Llama), and unigram vocabularies without a BOS add their EOS after it
    /// (T5).
    /// </param>
    /// <exception cref="TokenizerException">
    /// A file is cut off or damaged, or holds anything that is not known.
    /// </exception>
    public static Tokenizer FromSentencePiece(ReadOnlySpan<byte> model, ReadOnlyMemory<byte> tokenizerConfig = default) =>
        SentencePieceFile.Read(model, tokenizerConfig);

    /// <summary>
    /// A SentencePiece <c>.model</c> as GGUF metadata; for other tokenizers there is <see cref="Tokenizer.ToGguf"/>.
    /// </summary>
    /// <param name="model">The file.</param>
    /// <param name="special">The special tokens of the tokenizer that was read from it.</param>
    /// <exception cref="TokenizerException">
    /// It is not BPE, or normalizes text in ways that GGUF cannot express.
    /// </exception>
    public static TokenizerData SentencePieceToGguf(ReadOnlySpan<byte> model, SpecialTokens special) =>
        SentencePieceFile.ToGguf(model, special);

    /// <summary>Reads a llama2.c tokenizer file (<c>tokenizer.bin</c>).</summary>
    /// <exception cref="TokenizerException">The file is cut off or damaged.</exception>
    public static Tokenizer FromLlama2c(ReadOnlySpan<byte> file) => Llama2cTokenizer.Read(file);

    /// <summary>Reads one of OpenAI's <c>.tiktoken</c> files.</summary>
    /// <param name="file">A token in base64 and its rank on each line.</param>
    /// <param name="encoding">
    /// r50k_base, p50k_base, p50k_edit, cl100k_base, o200k_base or o200k_harmony; null for the first of these that has
    /// as many ranks. r50k's file also serves p50k_base and p50k_edit, o200k_base's also o200k_harmony.
    /// </param>
    /// <exception cref="TokenizerException">The file is damaged, or of another encoding.</exception>
    public static Tokenizer FromTiktoken(ReadOnlySpan<byte> file, string? encoding = null) => TiktokenFile.Read(file, encoding);

    /// <summary>
    /// Reads a <c>.tiktoken</c> file on disk. If its name is that of an encoding, it is read as that encoding, and may
    /// be absent where another file serves: <c>p50k_edit.tiktoken</c> is then read from <c>r50k_base.tiktoken</c>.
    /// </summary>
    /// <exception cref="TokenizerException">As <see cref="FromTiktoken"/>.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Tokenizer FromTiktokenFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var named = Array.Find(TiktokenEncoding.Known, e => e.Name == Path.GetFileNameWithoutExtension(path));
        bool usesOther = named is not null && !File.Exists(path);
        string file = usesOther ? Path.Combine(Path.GetDirectoryName(path) ?? "", named!.File + Path.GetExtension(path)) : path;
        return FromTiktoken(File.ReadAllBytes(file), named?.Name);
    }

    /// <summary>Whether a file begins as a <c>.tiktoken</c> file does, whatever its name.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsTiktoken(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[1024];
        return TiktokenFile.Recognise(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>Reads <c>vocab.json</c> and <c>merges.txt</c> (GPT-2, RoBERTa, Qwen, GPT-1).</summary>
    /// <param name="vocab">Tokens and their ids.</param>
    /// <param name="merges">A merge on each line, in order of rank.</param>
    /// <param name="tokenizerConfig">
    /// tokenizer_config.json, which names the kind of tokenizer; without it the kind is told from the vocabulary.
    /// </param>
    /// <exception cref="TokenizerException">
    /// A file is damaged, or the kind is not known; the message lists the known ones.
    /// </exception>
    public static Tokenizer FromVocabAndMerges(
        ReadOnlyMemory<byte> vocab, ReadOnlySpan<byte> merges, ReadOnlyMemory<byte> tokenizerConfig = default) =>
        VocabAndMerges.Read(vocab, merges, tokenizerConfig);
}
