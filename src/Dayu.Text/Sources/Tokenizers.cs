namespace Dayu.Text;

/// <summary>Where tokenizers come from.</summary>
public static class Tokenizers
{
    /// <summary>From the metadata of a GGUF file.</summary>
    /// <exception cref="TokenizerException">The metadata is damaged, or names an algorithm or a splitter that is not known; the message says which are.</exception>
    public static Tokenizer FromGguf(TokenizerData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return GgufTokenizer.Read(data);
    }

    /// <summary>From Hugging Face's tokenizer.json (UTF-8), and tokenizer_config.json if there is one: only that names the tokens that begin and end a text.</summary>
    /// <exception cref="TokenizerException">A file is damaged, or holds anything that is not known; the message says where and what.</exception>
    public static Tokenizer FromJson(ReadOnlyMemory<byte> tokenizerJson, ReadOnlyMemory<byte> tokenizerConfig = default) => TokenizerJson.Read(tokenizerJson, tokenizerConfig);

    /// <summary>From a tokenizer.json on disk, with the tokenizer_config.json beside it if there is one (<c>x.tokenizer.json</c> goes with <c>x.tokenizer_config.json</c>).</summary>
    /// <exception cref="TokenizerException">As <see cref="FromJson"/>.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Tokenizer FromJsonFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string config = path.EndsWith("tokenizer.json", StringComparison.Ordinal) ? path[..^".json".Length] + "_config.json" : "";
        return FromJson(File.ReadAllBytes(path), File.Exists(config) ? File.ReadAllBytes(config) : default);
    }

    /// <summary>From a vocab.txt (BERT: a token a line; ERNIE: token, tab, id), and tokenizer_config.json if there is one, which says whether letters are made small and accents taken off.
    /// Without it a vocabulary in which words have capital letters keeps letters as they are, and any other makes them small.</summary>
    /// <exception cref="TokenizerException">A file is damaged, or holds anything that is not known.</exception>
    public static Tokenizer FromVocabTxt(ReadOnlySpan<byte> vocab, ReadOnlyMemory<byte> tokenizerConfig = default) => BertVocabulary.Read(vocab, tokenizerConfig);

    /// <summary>From a SentencePiece <c>.model</c> (unigram, BPE, characters), and tokenizer_config.json if there is one: only that says which tokens are put around a text.
    /// Without it BPE vocabularies put their beginning before (Llama), and unigram vocabularies without a beginning put their end behind (T5).</summary>
    /// <exception cref="TokenizerException">A file is cut off or damaged, or holds anything that is not known.</exception>
    public static Tokenizer FromSentencePiece(ReadOnlySpan<byte> model, ReadOnlyMemory<byte> tokenizerConfig = default) => SentencePieceFile.Read(model, tokenizerConfig);

    /// <summary>What a GGUF file says of a SentencePiece <c>.model</c>; other tokenizers say it themselves (<see cref="Tokenizer.ToGguf"/>).</summary>
    /// <param name="model">The file.</param> <param name="special">What is put around a text, as the tokenizer made of it has it.</param>
    /// <exception cref="TokenizerException">It is no BPE, or does more to texts than GGUF can say.</exception>
    public static TokenizerData SentencePieceToGguf(ReadOnlySpan<byte> model, SpecialTokens special) => SentencePieceFile.ToGguf(model, special);

    /// <summary>From the bytes of a llama2.c tokenizer file (<c>tokenizer.bin</c>).</summary>
    /// <exception cref="TokenizerException">The file is cut off or damaged.</exception>
    public static Tokenizer FromLlama2c(ReadOnlySpan<byte> file) => Llama2cTokenizer.Read(file);

    /// <summary>From the bytes of one of OpenAI's <c>.tiktoken</c> files.</summary>
    /// <param name="file">A token on each line, in base64, and its rank.</param>
    /// <param name="encoding">r50k_base, p50k_base, p50k_edit, cl100k_base, o200k_base or o200k_harmony; null for the first of these that has as many ranks.
    /// r50k's file also does for p50k_base and p50k_edit, o200k_base's for o200k_harmony.</param>
    /// <exception cref="TokenizerException">The file is damaged, or of another encoding.</exception>
    public static Tokenizer FromTiktoken(ReadOnlySpan<byte> file, string? encoding = null) => TiktokenFile.Read(file, encoding);

    /// <summary>From a <c>.tiktoken</c> file on disk, whose name may name its encoding: <c>p50k_edit.tiktoken</c> is made of <c>r50k_base.tiktoken</c> where it is not there itself.</summary>
    /// <exception cref="TokenizerException">As <see cref="FromTiktoken"/>.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Tokenizer FromTiktokenFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var named = Array.Find(TiktokenEncoding.Known, e => e.Name == Path.GetFileNameWithoutExtension(path));
        string file = named is null || File.Exists(path) ? path : Path.Combine(Path.GetDirectoryName(path) ?? "", named.File + Path.GetExtension(path));
        return FromTiktoken(File.ReadAllBytes(file), named?.Name);
    }

    /// <summary>Whether a file begins as a <c>.tiktoken</c> file does, whatever it is called.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsTiktoken(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[1024];
        return TiktokenFile.Recognise(start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
    }

    /// <summary>From <c>vocab.json</c> and <c>merges.txt</c> (GPT-2, RoBERTa, Qwen; GPT-1's too).</summary>
    /// <param name="vocab">Tokens and their ids.</param> <param name="merges">A merge on each line, in order of rank.</param>
    /// <param name="tokenizerConfig">tokenizer_config.json, which names the kind; without it the vocabulary tells.</param>
    /// <exception cref="TokenizerException">A file is damaged, or the kind is not known; the message says which are.</exception>
    public static Tokenizer FromVocabAndMerges(ReadOnlyMemory<byte> vocab, ReadOnlySpan<byte> merges, ReadOnlyMemory<byte> tokenizerConfig = default) => VocabAndMerges.Read(vocab, merges, tokenizerConfig);
}
