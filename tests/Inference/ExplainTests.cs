using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>
/// Questions about a model's inside as a page would ask them: typed answers, and typed errors that name no option.
/// </summary>
public sealed class ExplainTests : IDisposable
{
    const string Sentence = "The animal didn't cross the street because it was too tired";

    readonly Backends.Lent on = Backends.Make("reference");
    readonly Pretrained model;
    readonly AttentionReading reading;

    public ExplainTests()
    {
        model = Pretrained.Map(TestModels.Stories, on.Backend);
        reading = AttentionReading.Of(new(model), Sentence);
    }

    public void Dispose()
    {
        model.Dispose();
        on.Dispose();
    }

    [Fact]
    public void TheAnswerIsTheBestHead()
    {
        var (query, key) = (reading.Find("tired"), reading.Find("animal"));
        Assert.Equal(("tired", "animal", 1), (reading.Said(query), reading.Said(key), query.Choices));
        var answer = new AttentionAnswer(reading, new(query, key));
        int[] others = [.. Enumerable.Range(key.Last + 1, query.First - key.Last - 1)];
        var all = reading.Maps.All.Select(h => reading.Maps.Weight(h.Layer, h.Head, query.Stretch, key.Stretch)
            - others.Average(o => reading.Maps.Weight(h.Layer, h.Head, (o, 1), key.Stretch)));
        Assert.Equal(all.Max(), answer.Best!.Score, 1e-9);
        Assert.Equal([(answer.Best.Layer, answer.Best.Head)], answer.Heads);
        Assert.Equal(40, answer.Ranked.Count);
        Assert.Equal(1, answer.Row.Sum(), 1e-4);
        Assert.True(answer.Grid.Hidden(0, 1) && answer.Grid.Row == query.First);
    }

    [Fact]
    public void WithoutWordsItIsTheMeanOfTheHeads()
    {
        var answer = new AttentionAnswer(reading, new(Layer: 2));
        Assert.Equal((8, 8, 0), (answer.Candidates, answer.Heads.Count, answer.Ranked.Count));
        Assert.Throws<InvalidOperationException>(() => answer.Row);
        Assert.Equal(reading.Maps.Layers, answer.Grids.Length);
    }

    [Fact]
    public void LaterWordsAreUnseen()
    {
        var answer = new AttentionAnswer(reading, new(reading.Find("animal"), reading.Find("tired")));
        Assert.Null(answer.Best);
        Assert.Equal(["tired"], answer.Unseen);
    }

    [Fact]
    public void ErrorsSayWhatWasFound()
    {
        var missing = Assert.Throws<WordNotFoundException>(() => reading.Find("xylophone"));
        Assert.Equal(("xylophone", 0), (missing.Word, missing.Found));
        Assert.Equal(reading.Pieces.Count, missing.Pieces.Count);
        var rare = Assert.Throws<WordNotFoundException>(() => reading.Find("it#2"));
        Assert.Equal(("it", 2, 1), (rare.Word, rare.Occurrence, rare.Found));
        var head = Assert.Throws<HeadNotFoundException>(() => new AttentionAnswer(reading, new(Layer: 99)));
        Assert.Equal((99, 4, 7), (head.Layer, head.LastLayer, head.LastHead));
        var words = string.Join(' ', Enumerable.Repeat("word", 300));
        var tooLong = Assert.Throws<TextTooLongException>(() => AttentionReading.Of(new Inspector(model), words));
        Assert.Equal(AttentionReading.MostTokens, tooLong.Most);
        var keyAlone = Assert.Throws<ArgumentException>(() => new AttentionAnswer(reading, new(Key: reading.Find("it"))));
        Assert.Throws<EmptyTextException>(() => AttentionReading.Of(new Inspector(model), " "));
        Assert.Throws<EmptyTextException>(() => EmbeddingMap.OfTokens(new Inspector(model), [""]));
        foreach (var error in (Exception[])[missing, rare, head, tooLong, keyAlone])
            Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NeighboursComeAfterTheWord()
    {
        var map = EmbeddingMap.OfNeighbours(new Inspector(model), "girl", 3, ["boy"]);
        Assert.Equal([true, false, false, false, true], map.Items.Select(i => i.Asked));
        Assert.Equal(("girl", "boy", 5, 64), (map.Names[0], map.Names[^1], map.Places.Count, map.Width));
        Assert.Equal(map.Cosines[0, map.Nearest(0)], map.NearestCosine(0));
    }
}
