using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Sentence embeddings of real models against sentence-transformers' own: one case for each golden file that lists
/// sentences.
/// </summary>
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

    /// <summary>
    /// A model that goes on with texts gives its hidden states: their mean or the last one, of length 1, alone or
    /// together.
    /// </summary>
    [Theory, MemberData(nameof(EachBackend))]
    public void ADecodersStatesBecomeVectors(string backend)
    {
        using var folder = new QuantizeModel();
        using var on = Backends.Make(backend);
        using var opened = Pretrained.Open(folder.Path, on.Backend);
        string[] texts = ["Once upon a time", "The old bridge over 2 rivers.", "x"];
        foreach (var pooling in (PoolingMode[])[PoolingMode.Mean, PoolingMode.Last])
        {
            using var model = new EmbeddingModel(opened, pooling);
            var together = model.Embed(texts);
            for (var i = 0; i < texts.Length; i++)
            {
                using var arena = new Arena(on.Backend);
                int[] ids = [.. opened.Tokenizer.Encode(texts[i])];
                var hidden = opened.Net.Hidden(new(arena, ids) { SelectedRows = Pass.Every(ids.Length) });
                var states = hidden.ToArray().Chunk(opened.Net.Width).ToArray();
                var expected = pooling == PoolingMode.Last ? states[^1]
                    : [.. Enumerable.Range(0, opened.Net.Width).Select(c => states.Average(s => s[c]))];
                Assert.Equal(1, Cosine(expected, together[i].Values), 1e-5);
                Assert.Equal(model.Embed(texts[i]).Values, together[i].Values);
            }
        }
    }

    public static TheoryData<string> EachBackend() => [.. Backends.Names];

    static double Cosine(float[] a, float[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
