using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Divergence against its definition, and the fast path's nearness to the exact one.</summary>
public sealed class DivergenceTests(ITestOutputHelper output)
{
    const string Text = "Once upon a time there was a small dog. He was very brave, "
        + "and he liked to dig holes in the garden of the old king.";

    /// <summary>Ids are bytes.</summary>
    sealed class Bytes(int size = 256) : Tokenizer(SpecialTokens.None)
    {
        static readonly byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        public override string Kind => "bytes";

        public override int VocabularySize => size;

        public override ReadOnlySpan<byte> BytesOf(int id) => all.AsSpan(size - 1 - id, 1);

        protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
        {
            foreach (var c in text) ids.Add(size - 1 - c);
        }
    }

    static LoadedModel Tiny(Backend on, ulong seed, int vocabulary = 256) => LoadedModel.Create(JsonNode.Parse($$"""
        { "architectures": ["LlamaForCausalLM"], "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
          "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": {{vocabulary}}, "max_position_embeddings": 256,
          "rms_norm_eps": 1e-5, "tie_word_embeddings": true }
        """)!.AsObject(), on, seed, train: false, gain: 10);

    static Predictor Of(LoadedModel model, int vocabulary = 256) => new(model.As<ICausalLm>(), model.On, new Bytes(vocabulary));

    /// <summary>
    /// Two models on the backend that computes as papers write; the formula in double, token by token, from one pass
    /// over what the window shows.
    /// </summary>
    [Theory]
    [InlineData(12), InlineData(200)]
    public void ItIsWhatTheFormulaSays(int window)
    {
        var on = new ReferenceBackend();
        using LoadedModel model = Tiny(on, 1), other = Tiny(on, 2);
        var (ids, stride) = (new Bytes().Encode(Text), window / 2);
        var (kls, same, nll, otherNll) = (new List<double>(), 0, 0.0, 0.0);
        for (var t = 1; t < ids.Count; t++)
        {
            var first = t < window ? 0 : (t - window) / stride * stride + stride;
            double[] q = LogProbs(model, ids[first..t]), p = LogProbs(other, ids[first..t]);
            kls.Add(p.Zip(q, (a, b) => Math.Exp(a) * (a - b)).Sum());
            if (Array.IndexOf(p, p.Max()) == Array.IndexOf(q, q.Max())) same++;
            (nll, otherNll) = (nll - q[ids[t]], otherNll - p[ids[t]]);
        }
        var r = Divergence.Measure(Of(model), Of(other), Text, window);
        Assert.Equal((kls.Count, stride), (r.Tokens, r.Stride));
        Assert.Equal(kls.Average(), r.MeanKl, 1e-5);
        Assert.True(r.MeanKl > 0.01, "two models that predict the same say nothing");
        Assert.Equal(kls.Order().ElementAt((int)Math.Ceiling(0.99 * kls.Count) - 1), r.Kl99, 1e-5);
        Assert.Equal((double)same / kls.Count, r.SameTop, 1e-9);
        Assert.Equal(Math.Exp(nll / kls.Count), r.Perplexity, 1e-4 * r.Perplexity);
        Assert.Equal(Math.Exp(otherNll / kls.Count), r.AgainstPerplexity, 1e-4 * r.Perplexity);
    }

    static double[] LogProbs(LoadedModel model, List<int> ids)
    {
        using var arena = new Arena(model.On);
        double[] logits = [.. model.As<ICausalLm>().Forward(new(arena, [.. ids])).ToArray()];
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select(l => l - Math.Log(sum))];
    }

    [Fact]
    public void AModelIsNoWayFromItself()
    {
        using var model = Tiny(new ReferenceBackend(), 1);
        var r = Divergence.Measure(Of(model), Of(model), Text, 64, limit: 20);
        Assert.Equal((20, 0.0, 0.0, 1.0), (r.Tokens, Math.Round(r.MeanKl, 12), Math.Round(r.Kl99, 12), r.SameTop));
        Assert.Equal(r.Nll, r.AgainstNll, 1e-12);
    }

    /// <summary>By their size, and by what their tokens are.</summary>
    [Fact]
    public void VocabulariesThatDifferAreRefused()
    {
        var on = new ReferenceBackend();
        using LoadedModel model = Tiny(on, 1), other = Tiny(on, 1, 200);
        foreach (var against in (Predictor[])[Of(other, 200), Of(model, 200)])
        {
            var refused = Assert.Throws<InvalidDataException>(() => Divergence.Measure(Of(model), against, Text, 64));
            Assert.Contains("vocabulary", refused.Message, StringComparison.Ordinal);
        }
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(() => Divergence.Measure(Of(model), Of(model), Text, 64, cancel: cancel.Token));
    }

    /// <summary>llama.cpp's own figures on the scored text are the bound: 0.0029 nats, 96.4 %.</summary>
    [Fact]
    public void TheFastPathIsNear()
    {
        var score = JsonNode.Parse(File.ReadAllText(Fixtures.SharedOrSkip("models", "smollm2.golden.json")))!["score"]!;
        var text = File.ReadAllText(Fixtures.SharedOrSkip("data", (string)score["text"]!))[..(int)score["characters"]!];
        using CpuBackend fast = new(), exact = new(exact: true);
        using Pretrained model = Pretrained.Open(TestModels.Chat, fast), twin = Pretrained.Open(TestModels.Chat, exact);
        var r = Divergence.Measure(new(model), new(twin), text, 2048);
        output.WriteLine($"{r.Tokens} tokens: mean KL {r.MeanKl:F5}, 99 % {r.Kl99:F5}, same top {r.SameTop:P2}, "
            + $"perplexity {r.Perplexity:F4} and {r.AgainstPerplexity:F4}");
        Assert.Equal(score["ids"]!.AsArray().Count - 1, r.Tokens);
        Assert.InRange(r.MeanKl, 0, 0.0030);
        Assert.InRange(r.SameTop, 0.964, 1);
        Assert.Equal((double)score["mean_nll"]!, r.AgainstNll, 2e-3);
    }
}
