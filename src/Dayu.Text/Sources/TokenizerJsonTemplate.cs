namespace Dayu.Text;

/// <summary>The <c>post_processor</c> of tokenizer.json: the tokens that it puts before and after a text.</summary>
/// <param name="Before">Tokens before the text, by name, in order.</param>
/// <param name="After">Tokens after it.</param>
sealed record TokenizerJsonTemplate(List<JsonAt> Before, List<JsonAt> After)
{
    /// <summary>Tokens between two texts; null for those of <see cref="After"/>.</summary>
    public List<JsonAt>? Between { get; private set; }

    /// <summary>The token type of the second of two texts.</summary>
    public int SecondType { get; private set; } = 1;

    static readonly Dictionary<string, Action<JsonAt, TokenizerJsonTemplate>> readers = new(StringComparer.Ordinal)
    {
        ["TemplateProcessing"] = Template, ["BertProcessing"] = Ends, ["RobertaProcessing"] = Roberta, ["Sequence"] = Sequence,
        ["ByteLevel"] = (_, _) => { },      // trims offsets only
    };

    public static TokenizerJsonTemplate Read(JsonAt at)
    {
        var template = new TokenizerJsonTemplate([], []);
        if (!at.IsNull) Step(at, template);
        return template;
    }

    static void Step(JsonAt at, TokenizerJsonTemplate template)
    {
        var type = at["type"];
        string name = type.String();
        if (!readers.TryGetValue(name, out var read)) throw type.Unsupported($"'{name}'", string.Join(", ", readers.Keys));
        read(at, template);
    }

    static void Template(JsonAt at, TokenizerJsonTemplate template)
    {
        bool text = false;
        foreach (var part in at["single"].Items())
            if (part["Sequence"].IsNull) (text ? template.After : template.Before).Add(part["SpecialToken"]["id"]);
            else text = text ? throw part.Unsupported("the text a second time", "the text once") : true;
        if (!at["pair"].IsNull) Pair(at["pair"], template);
    }

    /// <summary>
    /// The tokens between A and B, and B's token type. The tokens around both are those around a single text.
    /// </summary>
    static void Pair(JsonAt at, TokenizerJsonTemplate template)
    {
        JsonAt[] parts = [.. at.Items()];
        int first = Array.FindIndex(parts, part => !part["Sequence"].IsNull);
        int second = Array.FindLastIndex(parts, part => !part["Sequence"].IsNull);
        if (first == second) return;       // the model does not read pairs
        template.Between = [.. parts[(first + 1)..second].Select(part => part["SpecialToken"]["id"])];
        template.SecondType = parts[second]["Sequence"]["type_id"] is { IsNull: false } type ? type.Int() : 1;
    }

    /// <summary>
    /// Two separators between two texts, which are of the same type. (Liu et al. 2019, arXiv:1907.11692.)
    /// </summary>
    static void Roberta(JsonAt at, TokenizerJsonTemplate template)
    {
        Ends(at, template);
        template.Between = [.. template.After, .. template.After];
        template.SecondType = 0;
    }

    /// <summary>BERT's and RoBERTa's: <c>"cls": ["[CLS]", 101], "sep": ["[SEP]", 102]</c>.</summary>
    static void Ends(JsonAt at, TokenizerJsonTemplate template)
    {
        template.Before.Add(at["cls"].Items().FirstOrDefault());
        template.After.Add(at["sep"].Items().FirstOrDefault());
    }

    static void Sequence(JsonAt at, TokenizerJsonTemplate template)
    {
        foreach (var step in at["processors"].Items()) Step(step, template);
    }
}
