namespace Dayu.Text;

/// <summary>The <c>post_processor</c> of tokenizer.json: the tokens that it puts before and after a text.</summary>
/// <param name="Before">Their names, in order.</param> <param name="After">Theirs.</param>
sealed record TokenizerJsonTemplate(List<JsonAt> Before, List<JsonAt> After)
{
    static readonly Dictionary<string, Action<JsonAt, TokenizerJsonTemplate>> readers = new(StringComparer.Ordinal)
    {
        ["TemplateProcessing"] = Single, ["BertProcessing"] = Ends, ["RobertaProcessing"] = Ends, ["Sequence"] = Sequence,
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
        if (!readers.TryGetValue(type.String(), out var read)) throw type.NotKnown($"'{type.String()}'", string.Join(", ", readers.Keys));
        read(at, template);
    }

    static void Single(JsonAt at, TokenizerJsonTemplate template)
    {
        bool text = false;
        foreach (var part in at["single"].Items())
            if (part["Sequence"].IsNull) (text ? template.After : template.Before).Add(part["SpecialToken"]["id"]);
            else text = text ? throw part.NotKnown("the text a second time", "the text once") : true;
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
