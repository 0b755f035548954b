namespace Dayu.Text;

/// <summary>The <c>pre_tokenizer</c> of tokenizer.json. A new one is a class in PreTokenizers and a line in the table.</summary>
static class TokenizerJsonPreTokenizer
{
    /// <summary>No tokenizer has nearly as many.</summary>
    const int MostSteps = 16;

    static readonly Dictionary<string, Func<JsonAt, PreTokenizer>> readers = new(StringComparer.Ordinal)
    {
        ["ByteLevel"] = ByteLevel, ["Split"] = Split, ["Metaspace"] = Metaspace, ["Digits"] = Digits, ["Punctuation"] = Punctuation, ["CharDelimiterSplit"] = Delimiter, ["FixedLength"] = FixedLength,
        ["Whitespace"] = at => Plain(at, new Split(new RegexPattern($@"[{Properties.RustWord}]+|[^{Properties.RustWord}\s]+"), SplitBehavior.Removed, invert: true)),
        ["WhitespaceSplit"] = at => Plain(at, Words),
        ["BertPreTokenizer"] = at => Plain(at, new BertPreTokenizer()),
        ["UnicodeScripts"] = at => Plain(at, new UnicodeScripts()),
    };

    static Split Words => new(CharacterPattern.WhiteSpace, SplitBehavior.Removed);

    /// <summary>All of it; null where there is none.</summary>
    public static PreTokenizer? Read(JsonAt at) => Chain(Steps(at));

    /// <summary>These steps one after another; null if there are none.</summary>
    public static PreTokenizer? Chain(IReadOnlyList<JsonAt> steps)
    {
        PreTokenizer? chain = null;
        foreach (var step in steps)
        {
            var type = step["type"];
            var next = readers.TryGetValue(type.String(), out var read) ? read(step) : throw type.NotKnown($"'{type.String()}'", $"{string.Join(", ", readers.Keys)}, Sequence");
            chain = chain is null ? next : new PreTokenizerPair(chain, next);
        }
        return chain;
    }

    /// <summary>The steps, those of sequences within sequences too.</summary>
    public static List<JsonAt> Steps(JsonAt at)
    {
        var steps = new List<JsonAt>();
        Add(at);
        // Each ByteLevel makes a text up to twice as long.
        if (steps.Count(step => step["type"].String() == "ByteLevel") > 3) throw at.NotKnown("a sequence with so many ByteLevel steps", "up to 3");
        return steps;

        void Add(JsonAt step)
        {
            if (steps.Count >= MostSteps) throw at.NotKnown("so long a sequence", $"up to {MostSteps} steps");
            if (step.IsNull) return;
            if (step["type"].String() != "Sequence") steps.Add(step);
            else foreach (var inner in step["pretokenizers"].Items()) Add(inner);
        }
    }

    /// <summary>Whether a ByteLevel step puts a space before a text, and whether it cuts.</summary>
    public static (bool PrefixSpace, bool Cuts) ByteLevelOptions(JsonAt at)
    {
        at.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
        return (at["add_prefix_space"].Bool(absent: true), at["use_regex"].Bool(absent: true));
    }

    static PreTokenizer Plain(JsonAt at, PreTokenizer pre)
    {
        at.Only("type");
        return pre;
    }

    static ByteLevelPreTokenizer ByteLevel(JsonAt at)
    {
        var (prefixSpace, cuts) = ByteLevelOptions(at);
        return new(prefixSpace, cuts);
    }

    static Split Split(JsonAt at)
    {
        at.Only("type", "pattern", "behavior", "invert");
        return new(TokenizerJsonPattern.Read(at["pattern"]), Behavior(at["behavior"]), at["invert"].Bool(absent: false));
    }

    static Metaspace Metaspace(JsonAt at)
    {
        at.Only("type", "replacement", "prepend_scheme", "add_prefix_space", "split", "str_rep");
        var scheme = at["prepend_scheme"].IsNull ? "always" : at["prepend_scheme"].String();
        var prepend = scheme switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw at["prepend_scheme"].NotKnown($"'{scheme}'", "always, first, never"),
        };
        if (!at["add_prefix_space"].Bool(absent: true)) prepend = PrependScheme.Never;
        return new(Character(at["replacement"]), prepend, at["split"].Bool(absent: true));
    }

    static Split Digits(JsonAt at)
    {
        at.Only("type", "individual_digits");
        return new(CharacterPattern.Numeric, at["individual_digits"].Bool(absent: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
    }

    static Split Punctuation(JsonAt at)
    {
        at.Only("type", "behavior");
        return new(CharacterPattern.Punctuation, at["behavior"].IsNull ? SplitBehavior.Isolated : Behavior(at["behavior"]));
    }

    static Split Delimiter(JsonAt at)
    {
        at.Only("type", "delimiter");
        return new(new LiteralPattern(Character(at["delimiter"])), SplitBehavior.Removed);
    }

    static FixedLength FixedLength(JsonAt at)
    {
        at.Only("type", "length");
        int length = at["length"].IsNull ? 5 : at["length"].Int();
        return length > 0 ? new(length) : throw at["length"].NotKnown($"{length}", "1 or more");
    }

    static SplitBehavior Behavior(JsonAt at)
    {
        foreach (var behavior in Enum.GetValues<SplitBehavior>()) if ($"{behavior}" == at.String()) return behavior;
        throw at.NotKnown($"'{at.String()}'", string.Join(", ", Enum.GetNames<SplitBehavior>()));
    }

    static string Character(JsonAt at) => at.String().EnumerateRunes().Count() == 1 ? at.String() : throw at.NotKnown($"'{at.String()}'", "one character");
}
