namespace Dayu.Text;

/// <summary>
/// What a name of <c>tokenizer.ggml.pre</c> in a GGUF file means for byte-level BPE. The names, and which of them share a
/// pattern, are those of llama.cpp's <c>src/llama-vocab.cpp</c> (v0.5.0, MIT); where it alters a model's own pattern, as
/// its engine must (no marks, no capital letters beyond ASCII), the model's own stands here.
/// </summary>
/// <param name="Splitter">Splits last, and fast.</param>
/// <param name="Patterns">
/// Regular expressions that split before it, one after another; see <see cref="GgufPatterns"/>.
/// </param>
sealed record GgufPreTokenizer(Splitter Splitter, params string[] Patterns)
{
    /// <summary>Whether a pre-token that is a token becomes that token, whatever merging would give.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Whether encoding begins with BOS where the file does not say.</summary>
    public bool AddsBos { get; init; }

    static readonly WholeSplitter whole = new();

    static readonly GgufPreTokenizer gpt2 = new(Splitter.Gpt2), llama3 = new(Splitter.Llama3), qwen2 = new(Splitter.Qwen2);
    static readonly GgufPreTokenizer smolLm = new(Splitter.SmolLm), o200k = new(Splitter.O200k);
    static readonly GgufPreTokenizer deepSeek3 = new(whole, GgufPatterns.UpToThreeDigits, GgufPatterns.KanaAndHan, GgufPatterns.DeepSeek3);
    static readonly GgufPreTokenizer bloom = new(whole, GgufPatterns.Bloom);

    static readonly Dictionary<string, GgufPreTokenizer> byName = ByName(
    [
        ("gpt-2 phi-2 mpt olmo jais jina-es jina-de jina-v2-es jina-v2-de jina-v1-en jina-v2-code roberta-bpe modern-bert", gpt2),
        ("gigachat a.x-4.0 mellum trillion granite-docling exaone4", gpt2),
        ("smollm starcoder refact command-r codeshell exaone minerva-7b mellum2", smolLm),
        ("llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano",
            llama3 with { IgnoreMerges = true, AddsBos = true }),
        ("dbrx smaug-bpe chatglm-bpe glm4", llama3),
        ("qwen2 deepseek-r1-qwen stablelm2 megrez hunyuan grok-2 solar-open kormo f2llmv2 bailingmoe bailingmoe2 llada-moe", qwen2),
        ("gpt-4o llama4 kanana2 talkie minimax-m2", o200k),
        ("granite-embed-multi-97m", o200k with { IgnoreMerges = true }),
        ("tekken", new(Splitter.Tekken) { IgnoreMerges = true, AddsBos = true }),
        ("default", new(whole, GgufPatterns.Default)),
        ("falcon", new(whole, GgufPatterns.FalconPunctuation, Gpt2Splitter.Pattern, "[0-9][0-9][0-9]")),
        ("deepseek-llm", new(whole, GgufPatterns.DeepSeekLlm)),
        ("deepseek-coder", new(whole, GgufPatterns.DeepSeekCoder)),
        ("deepseek-v3 hunyuan-dense joyai-llm hy_v4", deepSeek3),
        ("spark2_5", new(whole, GgufPatterns.UpToThreeDigits, GgufPatterns.KanaAndHan, GgufPatterns.Spark, GgufPatterns.Digit)),
        ("youtu", new(whole, GgufPatterns.Youtu) { IgnoreMerges = true }),
        ("minicpm5", new(Splitter.Llama3, GgufPatterns.UpToThreeDigits) { IgnoreMerges = true }),
        ("jais-2", new(whole, GgufPatterns.Jais2)),
        ("qwen35", new(whole, GgufPatterns.Qwen35)),
        ("bloom poro-chat gpt3-finnish", bloom),
        ("viking", new(whole, GgufPatterns.Bloom, GgufPatterns.Digit)),
        ("exaone-moe", new(whole, GgufPatterns.ExaoneMoe)),
        ("chameleon", new(Splitter.Gpt2, GgufPatterns.Chameleon) { AddsBos = true }),
        ("tiny_aya cohere2moe", new(Splitter.O200k, @"\d{1,3}(?=(?:\d{3})*\b)")),
        ("superbpe", new(whole, @"\p{N}+", @"(?=(\d{3})+(?!\d))")),
        ("seed-coder", new(whole, GgufPatterns.SeedCoder)),
        ("kimi-k2", new(whole, GgufPatterns.KimiK2)),
        ("ufakzeka", new(whole, GgufPatterns.Ufakzeka)),
        ("afmoe", new(whole, GgufPatterns.Afmoe)),
        ("laguna", new(Splitter.Qwen2, GgufPatterns.Lines)),
    ]);

    static Dictionary<string, GgufPreTokenizer> ByName((string Names, GgufPreTokenizer Meaning)[] table) => table
        .SelectMany(row => row.Names.Split(' '), (row, name) => KeyValuePair.Create(name, row.Meaning))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Every name, in the order of the table.</summary>
    public static IReadOnlyCollection<string> Names => byName.Keys;

    /// <summary>The meaning of a name.</summary>
    /// <exception cref="TokenizerException">It is not known.</exception>
    public static GgufPreTokenizer Named(string pre)
    {
        if (byName.TryGetValue(pre, out var known)) return known;
        string names = string.Join(", ", [.. Names, .. GgufCharacterBpe.Names]);
        throw new TokenizerException($"GGUF key tokenizer.ggml.pre: unknown pre-tokenizer '{pre}'; known are {names}. "
            + "To guess would silently give wrong ids; this model needs a splitter of its own.");
    }

    /// <summary>The name for a splitter by itself; null if it has none.</summary>
    /// <param name="splitter">The splitter.</param>
    /// <param name="ignoreMerges">As <see cref="IgnoreMerges"/>.</param>
    public static string? NameOf(Splitter splitter, bool ignoreMerges) =>
        byName.FirstOrDefault(n => n.Value is { Patterns: [] } by && by.Splitter == splitter && by.IgnoreMerges == ignoreMerges).Key;

    /// <summary>What is done to a text before it is merged.</summary>
    public PreTokenization PreTokenization() => new(Splitter, Chain());

    PreTokenizer? Chain()
    {
        PreTokenizer? chain = null;
        foreach (string pattern in Patterns)
        {
            var next = new Split(Pattern.OfRegex(pattern), SplitBehavior.Isolated);
            chain = chain is null ? next : new PreTokenizerPair(chain, next);
        }
        return chain;
    }
}
