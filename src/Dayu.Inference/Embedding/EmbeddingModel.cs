using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>A text as a vector.</summary>
/// <param name="Values">[C]</param>
/// <param name="Tokens">Tokens that were read, special ones included.</param>
/// <param name="Cut">Tokens of the text that did not fit and were left out; 0: all of it was read.</param>
public sealed record TextEmbedding(float[] Values, int Tokens, int Cut);

/// <summary>An encoder that turns texts into vectors whose angles say how near their meanings are. Reimers &amp; Gurevych 2019, arXiv:1908.10084.</summary>
public sealed class EmbeddingModel : IDisposable
{
    /// <summary>Texts are read together up to this many tokens: enough to keep the matrices busy.</summary>
    const int Together = 2048;

    readonly Checkpoint checkpoint;
    readonly Arena arena;
    readonly IEncoder net;
    readonly SentenceModules modules;

    EmbeddingModel(Checkpoint checkpoint, LoadedModel model, Tokenizer tokenizer)
    {
        (this.checkpoint, Model, Tokenizer, net, arena) = (checkpoint, model, tokenizer, model.As<IEncoder>(), new(model.On));
        modules = SentenceModules.Of(checkpoint, net);
    }

    /// <summary>Loads everything.</summary>
    /// <param name="path">A Hugging Face folder (with <c>modules.json</c>, where it is one of sentence-transformers) or a GGUF file.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    /// <exception cref="NotSupportedException">The model is no encoder, or asks for a module that is not known.</exception>
    public static EmbeddingModel Open(string path, Backend on, string? tokenizer = null)
    {
        var checkpoint = Checkpoint.Open(path);
        LoadedModel? model = null;
        try
        {
            var words = TokenizerFiles.Of(checkpoint, tokenizer);
            model = LoadedModel.Load(checkpoint, on);
            model.Pack();
            return new(checkpoint, model, words);
        }
        catch
        {
            model?.Dispose();
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The network and its weights.</summary>
    public LoadedModel Model { get; }

    /// <summary>Text to ids.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>The longest text that is read whole, in tokens: what the folder says, or what the network was made for.</summary>
    public int Limit => modules.Limit;

    /// <summary>Values of an embedding.</summary>
    public int Width => modules.Width;

    /// <summary>How a text's states become one vector, for people: <c>mean, normalize</c>.</summary>
    public string Pooling => modules.ToString();

    /// <summary>The embedding of a text.</summary>
    public TextEmbedding Embed(string text) => Embed([text])[0];

    /// <summary>The embeddings of several texts; the same bits as one by one.</summary>
    public TextEmbedding[] Embed(IReadOnlyList<string> texts)
    {
        var results = new TextEmbedding[texts.Count];
        for (int from = 0, to; from < texts.Count; from = to)
        {
            List<int[]> read = [];
            List<int> cut = [];
            var tokens = 0;
            for (to = from; to < texts.Count && (to == from || tokens < Together); to++)
            {
                var (ids, left) = Ids(texts[to]);
                read.Add(ids);
                cut.Add(left);
                tokens += ids.Length;
            }
            var vectors = Vectors(read);
            for (var i = from; i < to; i++) results[i] = new(vectors[i - from], read[i - from].Length, cut[i - from]);
        }
        return results;
    }

    /// <summary>What is read of a text: all of it, or its beginning, and the end token all the same.</summary>
    (int[] Ids, int Cut) Ids(string text)
    {
        var ids = Tokenizer.Encode(modules.Prepare(text));
        var cut = Math.Max(0, ids.Count - Limit);
        if (cut > 0)
        {
            var end = Tokenizer.Special is { AddEos: true, Eos: { } } ? 1 : 0;
            ids.RemoveRange(Limit - end, cut);
        }
        return ([.. ids], cut);
    }

    float[][] Vectors(List<int[]> texts)
    {
        int[] starts = [0, .. texts.Select((_, i) => texts.Take(i + 1).Sum(t => t.Length))];
        arena.Reset();
        var hidden = net.Hidden(new(arena, [.. texts.SelectMany(t => t)], starts)).ToArray();     // [T, C]
        return [.. texts.Select((t, i) => modules.Vector(hidden.AsSpan(starts[i] * net.Width, t.Length * net.Width)))];
    }

    /// <summary>Frees weights and file.</summary>
    public void Dispose()
    {
        arena.Dispose();
        Model.Dispose();
        checkpoint.Dispose();
    }
}
