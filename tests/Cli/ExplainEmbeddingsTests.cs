using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Words and sentences as points, and texts as vectors.</summary>
public sealed class ExplainEmbeddingsTests
{
    static string Encoder => Fixtures.SharedOrSkip("models", "minilm");

    static double Cosine(float[] a, float[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    /// <summary>The nearest tokens, against a plain search through the whole table.</summary>
    [Fact]
    public void NeighboursAreTheNearestOfAll()
    {
        var path = TestModels.Stories;
        using var on = Backends.Make("reference");
        using var model = Pretrained.Open(path, on.Backend);
        using var arena = new Arena(on.Backend);
        var (tokenizer, ids) = (model.Tokenizer, Enumerable.Range(0, 512));
        var embeddings = model.Model.Weights.First(w => w.Key.EndsWith("embed_tokens.weight", StringComparison.Ordinal)).Value.Tensor;
        var table = Op.Gather(embeddings, arena.Ints([.. ids])).ToArray().Chunk(64).ToArray();
        var id = ids.Skip(300).First(IsWord);
        var expected = ids.Where(i => i != id).OrderByDescending(i => Cosine(table[id], table[i])).Take(7).ToArray();
        var word = tokenizer.TokenText(id).Trim();
        var items = Caller.Do("explain", "embeddings", path, "--near", word, "--top", "7", "--json").Json["items"]!.AsArray();
        Assert.Equal(expected, items.Skip(1).Select(i => (int)i!["id"]!));
        Assert.True((bool)items[0]!["asked"]! && !(bool)items[1]!["asked"]!);

        bool IsWord(int i) => tokenizer.TokenText(i) is { Length: > 4 } text
            && tokenizer.Encode(text.Trim(), addSpecial: false) is [var only] && only == i;
    }

    [Fact]
    public void CosinesAreSymmetricAndOneOnTheDiagonal()
    {
        var json = Caller.Do("explain", "embeddings", TestModels.Stories, "girl", "boy", "tree", "--json").Json;
        Assert.Equal("v kind width items explained cosines", string.Join(' ', json.Select(p => p.Key)));
        var rows = json["cosines"]!.AsArray().Select(r => r!.AsArray().Select(c => (double)c!).ToArray()).ToArray();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, rows[i][i], 1e-6);
            for (var j = 0; j < 3; j++) Assert.Equal(rows[i][j], rows[j][i]);
        }
        Assert.Equal(1, json["explained"]!.AsArray().Sum(e => (double)e!), 1e-5);      // three points lie in a plane
    }

    /// <summary>
    /// Points of a plane, turned into 12 dimensions: the distances are kept, and nothing is left unexplained.
    /// </summary>
    [Fact]
    public void PrincipalComponentsFindThePlane()
    {
        var random = new Random(3);
        double[] u = Direction(), v = Direction();
        var uv = u.Zip(v, (a, b) => a * b).Sum();
        v = [.. v.Select((x, i) => x - uv * u[i])];
        var length = Math.Sqrt(v.Sum(x => x * x));
        v = [.. v.Select(x => x / length)];
        (double X, double Y)[] points = [.. Enumerable.Range(0, 30).Select(_ => (5 * random.NextDouble(), 2 * random.NextDouble()))];
        var plane = new PrincipalComponents([.. points.Select(Turned)]);
        Assert.Equal(1, plane.Explained.Sum(), 1e-6);
        Assert.True(plane.Explained[0] > plane.Explained[1]);
        for (var i = 0; i < points.Length; i++)
            for (var j = 0; j < i; j++) Assert.Equal(Distance(points[i], points[j]), Distance(plane.Points[i], plane.Points[j]), 1e-4);
        Assert.Equal(0, plane.Points.Sum(p => p.X), 1e-6);

        float[] Turned((double X, double Y) p) => [.. u.Zip(v, (a, b) => (float)(3 + p.X * a + p.Y * b))];

        double[] Direction()
        {
            double[] d = [.. Enumerable.Range(0, 12).Select(_ => random.NextDouble() - 0.5)];
            var norm = Math.Sqrt(d.Sum(x => x * x));
            return [.. d.Select(x => x / norm)];
        }

        static double Distance((double X, double Y) a, (double X, double Y) b) => double.Hypot(a.X - b.X, a.Y - b.Y);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void PrincipalComponentsOfFewOrEqualPoints(int n)
    {
        var same = new PrincipalComponents([.. Enumerable.Repeat(new float[] { 1, 2, 3 }, n)]);
        Assert.All(same.Points, p => Assert.Equal((0, 0), p));
        Assert.Equal([0, 0], same.Explained);
    }

    [Fact]
    public void PicturesNameEveryPoint()
    {
        using var folder = new TempFolder();
        string[] words = ["girl", "boy", "tree", "happy", "长城", "ran"];
        var ran = Caller.Do(["explain", "embeddings", TestModels.Stories, .. words, "--out", folder["w.svg"]]);
        Assert.True(ran.Code == 0, ran.Error);
        var drawn = XDocument.Load(folder["w.svg"]).Descendants().ToList();
        var outlined = drawn.Select(e => e.Attribute("aria-label")?.Value).OfType<string>();
        var texts = drawn.Where(e => e.Name.LocalName == "text").Select(e => e.Value).Concat(outlined).ToList();
        Assert.All(words, w => Assert.Contains(texts, t => t.Contains(w, StringComparison.Ordinal)));
        Assert.DoesNotContain('\e', ran.Out + ran.Error);
        Assert.Equal(0, Caller.Do(["explain", "embeddings", TestModels.Stories, "one"]).Code);
    }

    [Fact]
    public void SentencesOfAnEncoder()
    {
        string[] said = ["A cat sleeps.", "A kitten is asleep.", "The stock market fell."];
        var json = Caller.Do(["explain", "embeddings", Encoder, .. said, "--json"]).Json;
        Assert.Equal("sentences", (string)json["kind"]!);
        var like = json["cosines"]!.AsArray().Select(r => r!.AsArray().Select(c => (double)c!).ToArray()).ToArray();
        Assert.True(like[0][1] > 0.6 && like[0][2] < 0.3);
    }

    /// <summary>Every sentence of the golden file: the reference's vector; what does not fit is told.</summary>
    [Fact]
    public void EmbedGivesTheReferencesVectors()
    {
        using var folder = new TempFolder();
        var golden = JsonNode.Parse(File.ReadAllText(Fixtures.SharedOrSkip("models", "minilm.golden.json")))!;
        var sentences = golden["sentences"]!.AsArray();
        File.WriteAllLines(folder["t.jsonl"], sentences.Select(s => new JsonObject { ["text"] = (string)s!["text"]! }.ToJsonString()));
        var ran = Caller.Do("embed", Encoder, "--data", folder["t.jsonl"], "--json");
        Assert.True(ran.Code == 0, ran.Error);
        var found = ran.Json["embeddings"]!.AsArray();
        Assert.Equal(sentences.Count, found.Count);
        for (var i = 0; i < found.Count; i++)
        {
            Assert.Equal("text tokens truncated cut embedding", Ran.KeysOf(found[i]));
            Assert.True(Cosine(Vector(found[i]), Vector(sentences[i])) >= 0.9999, $"'{sentences[i]!["text"]}'");
            Assert.Equal(sentences[i]!["input_ids"]!.AsArray().Count, (int)found[i]!["tokens"]!);
        }

        static float[] Vector(JsonNode? item) => item!["embedding"].Deserialize<float[]>()!;
    }

    [Fact]
    public void EmbedSaysWhatItLeftOut()
    {
        var ran = Embed(string.Join(' ', Enumerable.Repeat("word", 700)) + "\n\nshort\n", "--json");
        var found = ran.Json["embeddings"]!.AsArray();
        Assert.Equal([true, false, false], found.Select(f => (bool)f!["truncated"]!));
        ran.Warns("702");
        Assert.Equal("", (string)found[1]!["text"]!);                // an empty line is a text
        Assert.Equal(2, (int)found[1]!["tokens"]!);
        Assert.Equal(["a", "b"], Embed("a\nb\n", "--format", "jsonl").Lines.Select(l => (string)l["text"]!));
        Assert.Equal(3 + 384, Embed("a\n", "--format", "csv").Out.Split('\n')[0].Split(',').Length);

        static Ran Embed(string input, params string[] options) => new Caller { Input = input }.Run(["embed", "-m", Encoder, .. options]);
    }

    [Fact]
    public void WhatThereIsNothingToEmbedOfSaysSo()
    {
        Assert.Equal(2, new Caller().Run("embed", "-m", TestModels.Stories).Code);
        Assert.Equal(2, Caller.Do("explain", "embeddings", TestModels.Stories, "x", "--top", "0").Code);
    }
}
