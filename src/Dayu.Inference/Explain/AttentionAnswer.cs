namespace Dayu.Inference;

/// <summary>
/// The answer to a question about attention. Where a query and a key are named, it is one head: that in which the query
/// looks most at the key, compared with other words, with the word against it and with another sentence
/// (<see cref="HeadScore"/>). Else it is the mean of all heads that the question leaves.
/// </summary>
public sealed class AttentionAnswer
{
    /// <summary>Finds it.</summary>
    /// <param name="reading">A text that a model has read.</param>
    /// <param name="question">What is asked.</param>
    /// <exception cref="ArgumentException">A key without a query, a word to compare with without a key, or another
    /// sentence without one.</exception>
    /// <exception cref="HeadNotFoundException">The model has no such head.</exception>
    public AttentionAnswer(AttentionReading reading, AttentionQuestion question)
    {
        var (query, key, against, layer, head, contrast) = question;
        if (query is null && (key ?? against) is not null) throw new ArgumentException("a key needs a query: a word that looks at it");
        if (key is null && against is not null) throw new ArgumentException("a word to compare with needs a key: a word to compare it to");
        if (key is null && contrast is not null) throw new ArgumentException("another sentence needs a key: a word that may be looked at");
        (Reading, Question) = (reading, question);
        var maps = reading.Maps;
        Heads = [.. maps.All.Where(h => (layer is null || h.Layer == layer) && (head is null || h.Head == head))];
        Candidates = Heads.Count;
        if (Candidates == 0) throw new HeadNotFoundException(layer ?? 0, head ?? 0, maps.Layers - 1, maps.Heads(0) - 1);
        if (query is not null && key is not null && Sees(query, key))
        {
            int[] others = [.. OtherWords(query, key)];
            Ranked = [.. Heads.Select(h => Score(h, query, key, others)).OrderByDescending(s => s.Score)];
            Best = Ranked[0];
            Heads = [(Best.Layer, Best.Head)];
        }
        Map = maps.Map(Heads);
    }

    /// <summary>The text as the model read it.</summary>
    public AttentionReading Reading { get; }

    /// <summary>What was asked.</summary>
    public AttentionQuestion Question { get; }

    /// <summary>The head that is shown, or those whose mean is.</summary>
    public IReadOnlyList<(int Layer, int Head)> Heads { get; }

    /// <summary>How many heads there were to choose from.</summary>
    public int Candidates { get; }

    /// <summary>Every head there was to choose from, the best first; empty where nothing is compared.</summary>
    public IReadOnlyList<HeadScore> Ranked { get; } = [];

    /// <summary>The head in which the query looks most at the key; null where nothing is compared.</summary>
    public HeadScore? Best { get; }

    /// <summary>How much each piece looks at each, [pieces, pieces].</summary>
    public double[,] Map { get; }

    /// <summary>How much the query looks at each piece.</summary>
    /// <exception cref="InvalidOperationException">The question names no query.</exception>
    public double[] Row => Question.Query is { } query
        ? [.. Enumerable.Range(0, Reading.Pieces.Count).Select(k => Heads.Sum(h => Weight(h, query, k)) / Heads.Count)]
        : throw new InvalidOperationException("the question names no word that looks");

    /// <summary>Words of the question that the query cannot see, since they come later.</summary>
    public IEnumerable<string> Unseen => Question.Query is not { } query ? []
        : ((WordPlace?[])[Question.Key, Question.Against]).OfType<WordPlace>().Where(k => !Sees(query, k)).Select(Reading.Said);

    /// <summary>The map as a grid whose colours begin at 0.</summary>
    public Grid Grid => Marked(Map);

    /// <summary>The map of one head as a grid, its colours from 0 to 1.</summary>
    public Grid GridOf(int layer, int head) => Marked(Reading.Maps.Map((layer, head))) with { Low = 0, High = 1 };

    /// <summary>The same head in the other sentence; null: the question has none, or nothing is compared.</summary>
    public AttentionAnswer? InContrast => Question.Contrast is { } contrast && Best is { } best
        ? new(contrast.Reading, new(contrast.Query, contrast.Key, null, best.Layer, best.Head)) : null;

    /// <summary>The maps of all heads: [layer][head].</summary>
    public Grid[][] Grids => [.. Enumerable.Range(0, Reading.Maps.Layers).Select(GridsOf)];

    /// <summary>What each piece looks at most, for those who do not see a picture: <c>it → animal 0.67; …</c></summary>
    public string InWords => string.Join("; ", Enumerable.Range(0, Reading.Pieces.Count).Select(Strongest)) + ".";

    HeadScore Score((int Layer, int Head) h, WordPlace query, WordPlace key, int[] others)
    {
        var (maps, contrast) = (Reading.Maps, Question.Contrast);
        return new(
            h.Layer, h.Head,
            maps.Weight(h.Layer, h.Head, query.Stretch, key.Stretch),
            maps.MeanWeight(h.Layer, h.Head, others, key.Stretch),
            Question.Against is { } against ? maps.Weight(h.Layer, h.Head, query.Stretch, against.Stretch) : null,
            contrast?.Reading.Maps.Weight(h.Layer, h.Head, contrast.Query.Stretch, contrast.Key.Stretch));
    }

    /// <summary>Pieces of the text that see the key and are neither of the two words.</summary>
    IEnumerable<int> OtherWords(WordPlace query, WordPlace key) => Enumerable.Range(0, Reading.Pieces.Count).Where(p =>
        Reading.Pieces[p].Kind != TextSpanKind.Control && !Holds(query, p) && !Holds(key, p) && (!Reading.IsCausal || p > key.Last));

    static bool Holds(WordPlace place, int piece) => piece >= place.First && piece <= place.Last;

    Grid[] GridsOf(int layer) => [.. Enumerable.Range(0, Reading.Maps.Heads(layer)).Select(h => GridOf(layer, h))];

    string Strongest(int query)
    {
        var pieces = Reading.Pieces;
        var key = Enumerable.Range(0, pieces.Count).MaxBy(k => Map[query, k]);
        return $"{pieces[query].Shown} → {pieces[key].Shown} {Map[query, key]:F2}";
    }

    double Weight((int Layer, int Head) head, WordPlace query, int key) =>
        Reading.Maps.Weight(head.Layer, head.Head, query.Stretch, (key, 1));

    bool Sees(WordPlace query, WordPlace key) => !Reading.IsCausal || key.First <= query.Last;

    Grid Marked(double[,] values)
    {
        string[] names = [.. Reading.Pieces.Select(p => p.Shown)];
        var grid = Grid.FromZero(names, names, values) with
        {
            Row = Question.Query?.First,
            Marked = [.. PiecesOf(Question.Key), .. PiecesOf(Question.Against)],
        };
        return Reading.IsCausal ? grid with { Hidden = (q, k) => k > q } : grid;
    }

    static IEnumerable<int> PiecesOf(WordPlace? place) => place is null ? [] : Enumerable.Range(place.First, place.Count);
}
