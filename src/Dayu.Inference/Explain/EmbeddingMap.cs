namespace Dayu.Inference;

/// <summary>What lies on an <see cref="EmbeddingMap"/>.</summary>
public enum EmbeddingKind
{
    /// <summary>Words in a model's table of token embeddings.</summary>
    Tokens,

    /// <summary>A word and the tokens nearest to it in that table.</summary>
    Neighbours,

    /// <summary>Sentences, by an encoder.</summary>
    Sentences,
}

/// <summary>A text, or a token, as a vector.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Vector">[C]</param>
/// <param name="Asked">Whether the others are its neighbours.</param>
/// <param name="Id">Of a token that is a neighbour; null: it is none.</param>
public sealed record EmbeddingItem(string Text, float[] Vector, bool Asked = false, int? Id = null);

/// <summary>
/// Texts as points: how like each is to each, and where they lie in the plane in which they are most spread out.
/// </summary>
public sealed class EmbeddingMap
{
    readonly PrincipalComponents plane;

    EmbeddingMap(EmbeddingKind kind, IReadOnlyList<EmbeddingItem> items)
    {
        (Kind, Items) = (kind, items);
        Names = [.. items.Select(i => i.Text.Trim() is { Length: > 0 } shown ? shown : "␣")];
        float[][] vectors = [.. items.Select(i => i.Vector)];
        Cosines = Vectors.Cosines(vectors);
        plane = new(vectors);
    }

    /// <summary>Words in a model's table of token embeddings.</summary>
    /// <param name="inspector">The model.</param>
    /// <param name="words">At least one.</param>
    /// <exception cref="EmptyTextException">A word has no tokens.</exception>
    public static EmbeddingMap OfTokens(Inspector inspector, IEnumerable<string> words) =>
        new(EmbeddingKind.Tokens, [.. words.Select(w => new EmbeddingItem(w, inspector.Embedding(Ids(inspector, w))))]);

    /// <summary>A word and the tokens that lie nearest to it; the word first, other words last.</summary>
    /// <param name="inspector">The model.</param>
    /// <param name="word">Whose neighbours are wanted.</param>
    /// <param name="count">How many.</param>
    /// <param name="others">Words that are shown, too.</param>
    /// <exception cref="EmptyTextException">A word has no tokens.</exception>
    public static EmbeddingMap OfNeighbours(Inspector inspector, string word, int count, IEnumerable<string> others)
    {
        var ids = Ids(inspector, word);
        var vector = inspector.Embedding(ids);
        return new(EmbeddingKind.Neighbours,
        [
            new(word, vector, Asked: true),
            .. inspector.Nearest(vector, count, ids).Select(n => Neighbour(n.Id)),
            .. others.Select(o => new EmbeddingItem(o, inspector.Embedding(Ids(inspector, o)), Asked: true)),
        ]);

        EmbeddingItem Neighbour(int id) => new(inspector.Tokenizer.TokenText(id), inspector.Embedding([id]), Id: id);
    }

    /// <summary>Sentences by their embeddings.</summary>
    /// <param name="sentences">At least one.</param>
    /// <param name="embeddings">Theirs, by <see cref="EmbeddingModel.Embed(IReadOnlyList{string})"/>.</param>
    public static EmbeddingMap OfSentences(IReadOnlyList<string> sentences, IReadOnlyList<TextEmbedding> embeddings) =>
        new(EmbeddingKind.Sentences, [.. sentences.Zip(embeddings, (s, e) => new EmbeddingItem(s, e.Values))]);

    /// <summary>What the items are.</summary>
    public EmbeddingKind Kind { get; }

    /// <summary>What lies there.</summary>
    public IReadOnlyList<EmbeddingItem> Items { get; }

    /// <summary>The items for people: without blanks around them; a blank alone is ␣.</summary>
    public string[] Names { get; }

    /// <summary>How like each is to each: cosines, −1 to 1, [items, items].</summary>
    public double[,] Cosines { get; }

    /// <summary>Where each lies in the plane.</summary>
    public IReadOnlyList<(double X, double Y)> Places => plane.Points;

    /// <summary>How much of the whole spread each of the plane's two directions has, 0 to 1.</summary>
    public IReadOnlyList<double> Explained => plane.Explained;

    /// <summary>Values of a vector.</summary>
    public int Width => Items[0].Vector.Length;

    /// <summary>The other that is most like an item, of at least two.</summary>
    public int Nearest(int item) => Enumerable.Range(0, Names.Length).Where(j => j != item).MaxBy(j => Cosines[item, j]);

    /// <summary>How like an item the other is that is most like it.</summary>
    public double NearestCosine(int item) => Cosines[item, Nearest(item)];

    /// <summary>The cosines as a grid.</summary>
    public Grid Grid => new(Names, Names, Cosines, Math.Min(0, Cosines.Cast<double>().Min()), 1);

    /// <summary>The plane as points.</summary>
    public Points Points => new(Names, [.. Places], [.. Items.Select(i => i.Asked)]);

    /// <summary>What each is most like, for those who do not see a picture: <c>cat → kitten 0.81; …</c></summary>
    public string InWords => string.Join("; ", Names.Select(InWordsOf)) + ".";

    string InWordsOf(string name, int i) => Names.Length > 1 ? $"{name} → {Names[Nearest(i)]} {NearestCosine(i):F2}" : name;

    /// <summary>A word as it stands within a text: behind a blank, where the tokenizer has tokens for that.</summary>
    static List<int> Ids(Inspector inspector, string word)
    {
        var (within, alone) = (Encode(" " + word.Trim()), Encode(word.Trim()));
        return alone.Count == 0 ? throw new EmptyTextException() : within.Count <= alone.Count ? within : alone;

        List<int> Encode(string text) => inspector.Tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
    }
}
