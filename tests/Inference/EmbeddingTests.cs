using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Sentence embeddings of real models against sentence-transformers' own: one case for each golden file that lists sentences.</summary>
public sealed class EmbeddingTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var golden in Fixtures.SharedFiles("models", "*.golden.json").Where(HasSentences).DefaultIfEmpty("*.golden.json"))
            foreach (var backend in Backends.Names) cases.Add(golden, backend);
        return cases;
    }

    static bool HasSentences(string golden) => Json(Path.Combine(Fixtures.Shared!, "models", golden)).TryGetProperty("sentences", out _);

    static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    [Theory]
    [MemberData(nameof(Cases))]
    public void IdsLimitAndVectorsAreTheReferences(string golden, string backend)
    {
        var expected = Json(Fixtures.SharedOrSkip("models", golden));
        using var on = Backends.Make(backend);
        using var opened = Pretrained.Open(Fixtures.SharedOrSkip("models", golden.Split('.')[0]), on.Backend);
        using var model = new EmbeddingModel(opened);
        Assert.Equal(expected.GetProperty("max_length").GetInt32(), model.Limit);
        JsonElement[] sentences = [.. expected.GetProperty("sentences").EnumerateArray()];
        string[] texts = [.. sentences.Select(s => s.GetProperty("text").GetString()!)];
        var together = model.Embed(texts);
        for (var i = 0; i < texts.Length; i++)
        {
            var ids = sentences[i].GetProperty("input_ids").Deserialize<int[]>()!;
            Assert.Equal(ids.Length, together[i].Tokens);
            Assert.Equal(opened.Tokenizer.Count(texts[i]) - ids.Length, together[i].Cut);
            var vector = sentences[i].GetProperty("embedding").Deserialize<float[]>()!;
            Assert.True(Cosine(vector, together[i].Values) >= 0.9999, $"'{texts[i]}': cosine {Cosine(vector, together[i].Values):F6}");
            Assert.Equal(1, together[i].Values.Sum(v => (double)v * v), 1e-5);
            if (i < 3) Assert.Equal(model.Embed(texts[i]).Values, together[i].Values);                   // the same bits alone
        }
    }

    static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(y => (double)y * y));
}
