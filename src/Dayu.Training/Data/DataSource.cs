using Dayu.Text;

namespace Dayu.Training;

/// <summary>A source as token ids.</summary>
/// <param name="Recipe">Which.</param>
/// <param name="Training">What is learnt from.</param>
/// <param name="Validation">What is held out: the last part of a text, the last documents of several.</param>
/// <param name="IsPacked">Whether its documents are read whole, several to a window; else windows begin anywhere in them.</param>
/// <param name="Skipped">What is not read.</param>
public sealed record DataSource(
    SourceRecipe Recipe, Documents Training, Documents Validation, bool IsPacked, IReadOnlyList<SkippedDocument> Skipped)
{
    /// <summary>What it is called.</summary>
    public string Name => Recipe.Name!;

    /// <summary>Whether documents 2 i and 2 i + 1 are two answers, the preferred one first.</summary>
    public bool IsPairs { get; init; }

    /// <summary>Tokenises a source.</summary>
    /// <param name="read">As it was read.</param>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="chat">Conversations to ids; null: there is no template for them.</param>
    /// <param name="share">What is held out, 0 … below 1.</param>
    /// <param name="vocabulary">Tokens that the model has a row for.</param>
    /// <param name="window">Tokens that a conversation may have; null: any number.</param>
    /// <exception cref="RecipeException">It has conversations and there is no template.</exception>
    internal static DataSource Of(SourceText read, Tokenizer tokenizer, ChatEncoder? chat, double share, int vocabulary, int? window)
    {
        var skipped = new List<SkippedDocument>(read.Skipped);
        if (read.Recipe.Kind == SourceKind.Preference) return OfPairs(read, new(tokenizer, chat), share, vocabulary, window, skipped);
        var (isChat, isOne) = (read.Documents.Any(d => d.Line is not null), read.IsOne);
        var encoded = isChat
            ? Conversations(read, chat ?? throw new RecipeException($"{read.Recipe.Path} has conversations and there is no chat template: "
                + "begin with a model that has one (start), or name a file (data.template)", RecipeFault.Template), skipped)
            : isOne ? [.. read.Documents.Take(1).SelectMany(d => Split(d, tokenizer, share))] : Texts(read.Documents, tokenizer);
        Document[] all = [.. encoded.Where(IsUsable)];
        if (isOne && all.Length < 2) all = [];                       // of a text both parts count, or none
        var held = isOne ? all.Length / 2 : Math.Min(Math.Max(0, all.Length - 1), (int)Math.Ceiling(all.Length * share));
        var (training, validation) = (new MemoryDocuments(all[..^held]), new MemoryDocuments(all[^held..]));
        return new(read.Recipe, training, validation, isChat && window is not null, skipped);

        bool IsUsable(Document d) => DataSource.IsUsable(d, vocabulary, isChat ? window : null, skipped);
    }

    static bool IsUsable(Document d, int vocabulary, int? window, List<SkippedDocument> skipped)
    {
        var unknown = Array.FindIndex(d.Ids, id => id >= vocabulary);
        var reason = unknown >= 0 ? $"token {d.Ids[unknown]} is none that the model has, 0 … {vocabulary - 1}"
            : d.Ids.Length > window ? $"it is {d.Ids.Length} tokens long, a window {window}" : null;
        if (reason is not null) skipped.Add(new(d.Place, reason));
        return reason is null;
    }

    /// <summary>Pairs stay together: both answers are read, learnt from and held out, or neither is.</summary>
    static DataSource OfPairs(
        SourceText read, PairEncoder encoder, double share, int vocabulary, int? window, List<SkippedDocument> skipped)
    {
        if (window is null)
            throw new RecipeException($"{read.Recipe.Path} has preferences, which recurrent models do not learn; begin with a transformer",
                RecipeFault.Model);
        var all = new List<Document>();
        foreach (var document in read.Documents)
            try
            {
                var pair = encoder.Encode(document);
                if (Array.TrueForAll(pair, d => IsUsable(d, vocabulary, window, skipped))) all.AddRange(pair);
            }
            catch (DocumentException e) { skipped.Add(new(document.Place, e.Message)); }
        var held = Math.Min(Math.Max(0, all.Count / 2 - 1), (int)Math.Ceiling(all.Count / 2 * share)) * 2;
        var (training, validation) = (new MemoryDocuments(all[..^held]), new MemoryDocuments(all[^held..]));
        return new(read.Recipe, training, validation, IsPacked: false, skipped) { IsPairs = true };
    }

    static List<Document> Conversations(SourceText read, ChatEncoder chat, List<SkippedDocument> skipped)
    {
        var all = new List<Document>();
        foreach (var document in read.Documents)
            try { all.AddRange(chat.Encode(document)); }
            catch (DocumentException e) { skipped.Add(new(document.Place, e.Message)); }
        return all;
    }

    /// <summary>A text in two: the last part is held out.</summary>
    static Document[] Split(ReadDocument read, Tokenizer tokenizer, double share)
    {
        var split = (int)(read.Text.Length * (1 - share));
        if (split > 0 && split < read.Text.Length && char.IsLowSurrogate(read.Text[split])) split++;
        var parts = tokenizer.EncodeBatch([read.Text[..split], read.Text[split..]], addSpecial: false);
        return [.. parts.Select(ids => new Document(read.Place, [.. ids]))];
    }

    /// <summary>Texts, each begun and ended as the tokenizer does it; by a line end where it has no token for that.</summary>
    static IEnumerable<Document> Texts(IReadOnlyList<ReadDocument> read, Tokenizer tokenizer)
    {
        var special = tokenizer.Special;
        var ids = tokenizer.EncodeBatch([.. read.Select(d => special.Eos is null ? d.Text + "\n" : d.Text)], false, parseSpecial: false);
        int[] before = special is { AddBos: true, Bos: { } bos } ? [bos] : [], after = special.Eos is { } eos ? [eos] : [];
        return read.Zip(ids, (d, own) => new Document(d.Place, [.. before, .. own, .. after]));
    }
}
