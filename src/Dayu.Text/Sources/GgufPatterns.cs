namespace Dayu.Text;

/// <summary>
/// The regular expressions of pre-tokenizers that GGUF files name, so far as no splitter is written by hand for them. A
/// list is one after another. (The models' own tokenizer.json; llama.cpp's <c>src/llama-vocab.cpp</c>, v0.5.0, MIT.)
/// </summary>
static class GgufPatterns
{
    const string Contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    const string Capital = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", Small = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    const string LinesAndSpaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>A word after a sign of ASCII; words with their marks; signs.</summary>
    const string SignsAndWords =
        """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+""";

    public const string Digit = @"\p{N}", UpToThreeDigits = @"\p{N}{1,3}", Lines = @"[^\n]+|[\n]+";

    public const string KanaAndHan = @"[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+";

    /// <summary>Chinese and Korean, and much between, in one class.</summary>
    const string DeepSeekEastAsian = @"[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+";

    public static readonly string[] Default =
        [@"[\p{P}\$\+<=>\^~\|]+", Gpt2Splitter.Pattern, @"\p{N}+", "[0-9][0-9][0-9]"];

    public const string FalconPunctuation = @"[\p{P}\$\+<=>\^~\|`]+";

    public static readonly string[] DeepSeekLlm =
    [
        @"[\r\n]", CasedWords.Regex, @"\s?[!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+", @"\s+$",
        DeepSeekEastAsian, @"\p{N}+",
    ];

    public static readonly string[] DeepSeekCoder = [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", DeepSeekEastAsian, Digit];

    public const string DeepSeek3 = SignsAndWords + @"[\r\n]*|" + LinesAndSpaces;

    public const string Spark = SignsAndWords + @"|[\r\n]|\s+(?!\S)|\s+";

    public static readonly string[] Youtu =
    [
        @"[\uAC00-\uD7A3\u3131-\u318E]+|[\uFF01\u2026\u201C\u201D\u2018\u2019\u2014\uFF1A\uFF1B\uFF0C\u3001-\u303F\uFE30-\uFE4F]+"
            + @"|[\u3105-\u312F]+|" + KanaAndHan,
        $@"[^\r\n\p{{L}}\p{{N}}]?{Capital}*{Small}+{Contractions}?|[^\r\n\p{{L}}\p{{N}}]?{Capital}+{Small}*{Contractions}?"
            + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + LinesAndSpaces,
    ];

    /// <summary>Llama 3's, with white space in runs of powers of two.</summary>
    public const string Jais2 = Contractions
        + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        + @"|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}";

    /// <summary>Qwen 2's, with marks as parts of words.</summary>
    public const string Qwen35 = Contractions
        + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + LinesAndSpaces;

    public const string Bloom = @" ?[^(\s|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+";

    /// <summary>Letters of a run of words stay together, single spaces between them too.</summary>
    public const string ExaoneMoe = Contractions
        + @"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+";

    public static readonly string[] Chameleon =
        ["<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", @"([\t\n]|    |  )", Digit, @"[\p{P}!-/:-@\[-`{-~]"];

    public const string SeedCoder = Contractions
        + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|" + LinesAndSpaces;

    /// <summary>o200k's, with Chinese by itself.</summary>
    public const string KimiK2 = @"[\p{Han}]+"
        + $@"|[^\r\n\p{{L}}\p{{N}}]?{CapitalNotHan}*{SmallNotHan}+{Contractions}?"
        + $@"|[^\r\n\p{{L}}\p{{N}}]?{CapitalNotHan}+{SmallNotHan}*{Contractions}?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + LinesAndSpaces;

    const string CapitalNotHan = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]", SmallNotHan = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]";

    /// <summary>Qwen 2's without contractions, which in Turkish are suffixes.</summary>
    public const string Ufakzeka = @"[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + LinesAndSpaces;

    /// <summary>Digits in threes from the right; scripts without spaces by themselves.</summary>
    public static readonly string[] Afmoe =
    [
        @"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))",
        @"[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u3040-\u309F\u30A0-\u30FF\uFF65-\uFF9F\u2F00-\u2FDF\u0E40-\u0E7F\u0E80-\u0EFF"
            + @"\u1780-\u17FF\u1000-\u109F\uAA60-\uAA7F\uA9E0-\uA9FF\uAC00-\uD7AF\u1100-\u11FF]+",
        DeepSeek3,
    ];
}
