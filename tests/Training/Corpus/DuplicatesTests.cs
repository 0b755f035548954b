using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Duplicates that were planted are found, at the similarity they were planted with.</summary>
public sealed class DuplicatesTests
{
    const int Words = 400, Shingle = 5;

    static string Text(IEnumerable<int> words) => string.Join(' ', words.Select(w => $"w{w}"));

    static int[] Made(Random random) => [.. Enumerable.Range(0, Words).Select(_ => random.Next(5_000))];

    /// <summary>Words of a text changed one by one at random until the exact similarity of the shingles is that wanted.</summary>
    static int[] Near(int[] words, double similarity, Random random)
    {
        var near = (int[])words.Clone();
        while (Jaccard(words, near) > similarity) near[random.Next(near.Length)] = 10_000 + random.Next(5_000);
        return near;
    }

    /// <summary>The slow twin: the sets themselves.</summary>
    static double Jaccard(int[] a, int[] b)
    {
        HashSet<string> Shingles(int[] w) => [.. Enumerable.Range(0, w.Length - Shingle + 1).Select(i => Text(w[i..(i + Shingle)]))];
        var (x, y) = (Shingles(a), Shingles(b));
        return (double)x.Intersect(y).Count() / x.Union(y).Count();
    }

    [Theory, InlineData(0.3), InlineData(0.5), InlineData(0.7), InlineData(0.8), InlineData(0.9), InlineData(0.95)]
    public void SignaturesEstimateTheSimilarity(double similarity)
    {
        var (random, hash) = (new Random(1), new MinHash(256, Shingle));
        var (exact, estimated, pairs) = (0.0, 0.0, 40);
        for (var i = 0; i < pairs; i++)
        {
            var a = Made(random);
            var b = Near(a, similarity, random);
            exact += Jaccard(a, b) / pairs;
            estimated += MinHash.Similarity(hash.SignatureOf(Text(a)), hash.SignatureOf(Text(b))) / pairs;
        }
        // Four standard deviations of the mean of that many estimates.
        Assert.InRange(estimated - exact, -4 * Math.Sqrt(0.25 / 256 / pairs), 4 * Math.Sqrt(0.25 / 256 / pairs));
    }

    /// <summary>At a threshold of 0.8: what lies clearly above is found, what lies clearly below is kept.</summary>
    [Theory, InlineData(0.95, 0.99, 1), InlineData(0.9, 0.97, 1), InlineData(0.85, 0.8, 1)]
    [InlineData(0.7, 0, 0.06), InlineData(0.6, 0, 0.01)]
    public void PlantedDuplicatesAreFound(double similarity, double least, double most)
    {
        var (random, found, count) = (new Random(2), new NearDuplicates(new MinHash(128, Shingle)), 150);
        int[][] texts = [.. Enumerable.Range(0, count).Select(_ => Made(random))];
        Assert.All(texts, t => Assert.Null(found.Add(Text(t))));     // nothing that is not alike is dropped: precision
        var hits = 0;
        for (var i = 0; i < count; i++)
        {
            if (found.Add(Text(Near(texts[i], similarity, random))) is not { } near) continue;
            Assert.Equal(i, near.First);
            Assert.InRange(near.Similarity, 0.8, 1);
            hits++;
        }
        Assert.InRange((double)hits / count, least, most);
    }

    [Fact]
    public void ChineseIsComparedByCharacter()
    {
        var found = new NearDuplicates(new MinHash());
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => (char)(0x4E00 + i * 37 % 9000)));
        Assert.Null(found.Add(text));
        Assert.NotNull(found.Add(text[..150] + "，" + text[150..] + "。完"));
        Assert.Null(found.Add(new string([.. text.Reverse()])));
    }

    [Fact]
    public void TheOrderAloneDecides()
    {
        var random = new Random(3);
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => Text(Enumerable.Range(0, 80).Select(_ => random.Next(3 + i % 3))))];
        List<NearDuplicate?> Run() => new NearDuplicates(new MinHash()) is var d ? [.. texts.Select(d.Add)] : [];
        Assert.Equal(Run(), Run());
    }

    /// <summary>The signature of a known text, so that an index made today is one tomorrow, on any machine.</summary>
    [Fact]
    public void SignaturesDoNotDependOnTheProcess()
    {
        var (a, b) = (new MinHash(8, 2, seed: 1).SignatureOf("One two three.")!, new MinHash(8, 2, seed: 1).SignatureOf("one, TWO three")!);
        Assert.Equal(a, b);
        Assert.NotEqual(a, new MinHash(8, 2, seed: 2).SignatureOf("one two three"));
    }

    /// <summary>
    /// The numbers of a few lines of Python, with integers of any size: no processor changes them. A change of the program that does
    /// makes indexes that were kept worthless.
    /// </summary>
    [Fact]
    public void SignaturesStayAsTheyAre()
    {
        Assert.Equal([107232793u, 284268668u, 300737985u, 1082304419u],
            new MinHash(4, 2).SignatureOf("The quick brown fox — 敏捷的棕狐 — jumps over 13 dogs.")!);
        Assert.Equal([4138331679u, 70733590u, 2684660198u, 4202184311u], new MinHash(4, 5, seed: 7).SignatureOf("short")!);
    }

    [Theory, InlineData(0.5), InlineData(0.7), InlineData(0.8), InlineData(0.9)]
    public void TheCutTurnsAtTheThreshold(double threshold)
    {
        var bands = LshBands.For(threshold, 128);
        Assert.InRange(bands.Bands * bands.Rows, 64, 128);
        Assert.True(bands.Chance(threshold + 0.1) > 0.9, $"{bands}");
        Assert.True(bands.Chance(threshold - 0.3) < 0.25, $"{bands}");
        var random = new Random(4);                                  // the formula against throwing dice
        bool Same() => Enumerable.Range(0, bands.Bands).Any(_ => Enumerable.Range(0, bands.Rows).All(_ => random.NextDouble() < threshold));
        Assert.Equal(bands.Chance(threshold), Enumerable.Range(0, 4_000).Count(_ => Same()) / 4_000.0, 0.04);
    }

    [Theory, InlineData("A text.", "a  TEXT", true), InlineData("A text.", "A test.", false), InlineData("你好，世界", "你好 世界！", true),
        InlineData("+++", "---", false), InlineData("ab c", "a bc", false)]
    public void ExactDuplicatesAreThoseOfTheSameWords(string a, string b, bool same)
    {
        var exact = new ExactDuplicates();
        Assert.True(exact.Add(a));
        Assert.Equal(!same, exact.Add(b));
        Assert.Equal(same ? 1 : 2, exact.Count);
    }
}
