namespace Dayu.Text;

/// <summary>
/// The <c>pre_tokenizer</c> of tokenizer.json. Another one is a class in PreTokenizers and a line in the table.
/// </summary>
static class TokenizerJsonPreTokenizer
{
    /// <summary>More than any tokenizer has.</summary>
    const int MaxSteps = 16;

    /// <summary>The same of ByteLevel steps, each of which makes a text up to twice as long.</summary>
    const int MaxByteLevelSteps = 3;

    static readonly Dictionary<string, Func<JsonAt, PreTokenizer>> readers = new(StringComparer.Ordinal)
    {
        ["ByteLevel"] = ByteLevel,
        ["Split"] = Split,
        ["Metaspace"] = Metaspace,
        ["Digits"] = Digits,
        ["Punctuation"] = Punctuation,
        ["CharDelimiterSplit"] = Delimiter,
        ["FixedLength"] = FixedLength,
        ["Whitespace"] = at => WithoutOptions(at, WordsAndPunctuation),
        ["WhitespaceSplit"] = at => WithoutOptions(at, Words),
        ["BertPreTokenizer"] = at => WithoutOptions(at, new BertPreTokenizer()),
        ["UnicodeScripts"] = at => WithoutOptions(at, new UnicodeScripts()),
    };

    /// <summary>Runs of word characters, and runs of others that are not white space.</summary>
    static Split WordsAndPunctuation =>
        new(new RegexPattern($@"[{Properties.RustWord}]+|[^{Properties.RustWord}\s]+"), SplitBehavior.Removed, invert: true);

    static Split Words => new(CharacterPattern.WhiteSpace, SplitBehavior.Removed);

    static string ReaderNames => $"{string.Join(", ", readers.Keys)}, Sequence";

    /// <summary>The whole pre-tokenizer; null where there is none.</summary>
    public static PreTokenizer? Read(JsonAt at) => Chain(Steps(at));

    /// <summary>These steps one after another; null if there are none.</summary>
    public static PreTokenizer? Chain(IReadOnlyList<JsonAt> steps)
    {
        PreTokenizer? chain = null;
        foreach (var step in steps)
        {
            var type = step["type"];
            if (!readers.TryGetValue(type.String(), out var read)) throw type.Unsupported($"'{type.String()}'", ReaderNames);
            var next = read(step);
            chain = chain is null ? next : new PreTokenizerPair(chain, next);
        }
        return chain;
    }

    /// <summary>The steps, with those of nested sequences.</summary>
    public static List<JsonAt> Steps(JsonAt at)
    {
        var steps = new List<JsonAt>();
        Add(at);
        if (steps.Count(step => step["type"].String() == "ByteLevel") > MaxByteLevelSteps)
            throw at.Unsupported("a sequence with so many ByteLevel steps", $"up to {MaxByteLevelSteps}");
        return steps;

        void Add(JsonAt step)
        {
            if (steps.Count >= MaxSteps) throw at.Unsupported("so long a sequence", $"up to {MaxSteps} steps");
            if (step.IsNull) return;
            if (step["type"].String() != "Sequence") steps.Add(step);
            else foreach (var inner in step["pretokenizers"].Items()) Add(inner);
        }
    }

    /// <summary>Whether a ByteLevel step puts a space before a text, and whether it splits.</summary>
    public static (bool PrefixSpace, bool Splits) ByteLevelOptions(JsonAt at)
    {
        at.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
        return (at["add_prefix_space"].Bool(absent: true), at["use_regex"].Bool(absent: true));
    }

    static PreTokenizer WithoutOptions(JsonAt at, PreTokenizer pre)
    {
        at.AllowOnly("type");
        return pre;
    }

    static ByteLevelPreTokenizer ByteLevel(JsonAt at)
    {
        var (prefixSpace, splits) = ByteLevelOptions(at);
        return new(prefixSpace, splits);
    }

    static Split Split(JsonAt at)
    {
        at.AllowOnly("type", "pattern", "behavior", "invert");
        return new(TokenizerJsonPattern.Read(at["pattern"]), Behavior(at["behavior"]), at["invert"].Bool(absent: false));
    }

    static Metaspace Metaspace(JsonAt at)
    {
        at.AllowOnly("type", "replacement", "prepend_scheme", "add_prefix_space", "split", "str_rep");
        string scheme = at["prepend_scheme"].StringOrNull() ?? "always";
        var prepend = scheme switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw at["prepend_scheme"].Unsupported($"'{scheme}'", "always, first, never"),
        };
        if (!at["add_prefix_space"].Bool(absent: true)) prepend = PrependScheme.Never;
        return new(Character(at["replacement"]), prepend, at["split"].Bool(absent: true));
    }

    static Split Digits(JsonAt at)
    {
        at.AllowOnly("type", "individual_digits");
        bool individually = at["individual_digits"].Bool(absent: false);
        return new(CharacterPattern.Numeric, individually ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
    }

    static Split Punctuation(JsonAt at)
    {
        at.AllowOnly("type", "behavior");
        return new(CharacterPattern.Punctuation, at["behavior"].IsNull ? SplitBehavior.Isolated : Behavior(at["behavior"]));
    }

    static Split Delimiter(JsonAt at)
    {
        at.AllowOnly("type", "delimiter");
        return new(new LiteralPattern(Character(at["delimiter"])), SplitBehavior.Removed);
    }

    static FixedLength FixedLength(JsonAt at)
    {
        at.AllowOnly("type", "length");
        int length = at["length"].IsNull ? 5 : at["length"].Int();
        return length > 0 ? new(length) : throw at["length"].Unsupported($"{length}", "1 or more");
    }

    static SplitBehavior Behavior(JsonAt at)
    {
        foreach (var behavior in Enum.GetValues<SplitBehavior>())
            if ($"{behavior}" == at.String()) return behavior;
        throw at.Unsupported($"'{at.String()}'", string.Join(", ", Enum.GetNames<SplitBehavior>()));
    }

    static string Character(JsonAt at) =>
        at.String().EnumerateRunes().Count() == 1 ? at.String() : throw at.Unsupported($"'{at.String()}'", "one character");
}
