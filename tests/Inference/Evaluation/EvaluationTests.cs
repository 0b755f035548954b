using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Measures against golden ones, and against their definition.</summary>
public sealed class EvaluationTests
{
    static JsonNode Golden(string name) => JsonNode.Parse(File.ReadAllText(Fixtures.SharedOrSkip("models", name)))!;

    [Fact]
    public void PerplexityIsTheGoldenOne()
    {
        const int count = 200;
        var score = Golden("smollm2.golden.json")["score"]!;
        var text = File.ReadAllText(Fixtures.SharedOrSkip("data", (string)score["text"]!))[..(int)score["characters"]!];
        using var on = new CpuBackend(exact: true);
        using var model = Pretrained.Open(Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf"), on);
        var result = Perplexity.Measure(new(model), text, window: 512, limit: count);
        Assert.Equal(count, result.Tokens);
        Assert.Equal(score["nll"]!.AsArray().Take(count).Average(n => (double)n!), result.Nll, 2e-3);
        var bytes = score["ids"]!.AsArray().Skip(1).Take(count).Sum(i => model.Tokenizer.BytesOf((int)i!).Length);
        Assert.Equal(result.Nll * count / Math.Log(2) / bytes, result.BitsPerByte, 1e-9);
    }

    [Fact]
    public void LambadaIsTheGoldenOne()
    {
        const int count = 8;
        var rows = Golden("lambada.golden.json")["rows"]!.AsArray().Take(count).ToArray();
        var lines = File.ReadLines(Fixtures.SharedOrSkip("data", "eval", "lambada.dev.txt"));
        var passages = lines.Where(l => l.Trim().Length > 0).Take(count).ToArray();
        using var on = new CpuBackend(exact: true);
        using var model = Pretrained.Open(Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf"), on);
        var result = Lambada.Measure(new(model), passages);
        Assert.Equal((count, rows.Count(r => (bool)r!["right"]!)), (result.Passages, result.Right));
        Assert.Equal(rows.Average(r => (double)r!["logp"]!), result.MeanLogProb, 5e-3);
    }

    /// <summary>Every token once, from what its window shows of the tokens before it.</summary>
    [Theory]
    [InlineData(16), InlineData(33), InlineData(200)]
    public void WindowsPredictEveryTokenOnce(int window)
    {
        const string text = "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. "
            + "One day, she saw a big, red ball. She wanted to play with it, but it was too high.";
        var folder = Fixtures.SharedOrSkip("models", "stories260K");
        using var on = Backends.Make("reference");
        using var model = Pretrained.Open(Path.Combine(folder, "stories260K.bin"), on.Backend);
        var ids = model.Tokenizer.Encode(text);
        var (stride, sum) = (window / 2, 0.0);
        for (var t = 1; t < ids.Count; t++)
        {
            var begin = t < window ? 0 : (t - window) / stride * stride + stride;
            using var arena = new Arena(on.Backend);
            var logits = model.CausalLm.Forward(new(arena, ids.GetRange(begin, t - begin).ToArray())).ToArray();
            sum += TokenLogProb.LogSumExp(logits) - logits[ids[t]];
        }
        var result = Perplexity.Measure(new(model), text, window);
        Assert.Equal(ids.Count - 1, result.Tokens);
        Assert.Equal(sum / result.Tokens, result.Nll, 1e-4);
        Assert.Equal(Math.Exp(result.Nll), result.Perplexity, 1e-9);
    }

    [Fact]
    public void TextsThatCannotBeMeasured()
    {
        var folder = Fixtures.SharedOrSkip("models", "stories260K");
        using var on = Backends.Make("reference");
        using var model = Pretrained.Open(Path.Combine(folder, "stories260K.bin"), on.Backend);
        Assert.Throws<InvalidDataException>(() => Perplexity.Measure(new(model), "", 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => Perplexity.Measure(new(model), "a b", 1));
        Assert.Throws<InvalidDataException>(() => Lambada.Measure(new(model), []));
        var refused = Assert.Throws<InvalidDataException>(() => Lambada.Measure(new(model), ["one two", "single"]));
        Assert.Contains("passage 2", refused.Message, StringComparison.Ordinal);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => Perplexity.Measure(new(model), "a b c", 16, cancel: cancel.Token));
    }
}
