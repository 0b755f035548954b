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

/// <summary>
/// Turns texts into vectors whose angles say how near their meanings are (Reimers &amp; Gurevych 2019, arXiv:1908.10084): by an
/// encoder, or by the hidden states of a model that goes on with texts. One thread at a time.
/// </summary>
public sealed class EmbeddingModel : IDisposable
{
    /// <summary>Texts are read together up to this many tokens: enough to keep the matrices busy.</summary>
    const int Together = 2048;

    readonly Pretrained model;
    readonly Arena arena;
    readonly SentenceModules modules;

    /// <summary>A view on a model.</summary>
    /// <param name="model">The model; from a folder of sentence-transformers its <c>modules.json</c> is followed.</param>
    /// <param name="pooling">How a text's states become one vector; null: as the model's files say, else the mean.</param>
    /// <exception cref="NotSupportedException">The model asks for a module that is not known.</exception>
    /// <exception cref="InvalidDataException">A file of the model is damaged.</exception>
    public EmbeddingModel(Pretrained model, PoolingMode? pooling = null)
    {
        modules = SentenceModules.Of(model.Checkpoint, model.Net, pooling);
        (this.model, arena) = (model, new(model.On));
    }

    /// <summary>
    /// The longest text that is read whole, in tokens: what the folder says, or what the network was made for.
    /// </summary>
    public int Limit => modules.Limit;

    /// <summary>Values of an embedding.</summary>
    public int Width => modules.Width;

    /// <summary>How a text's states become one vector, for people: <c>mean, normalize</c>.</summary>
    public string Pooling => modules.ToString();

    /// <summary>The embedding of a text.</summary>
    public TextEmbedding Embed(string text) => Embed([text])[0];

    /// <summary>The embeddings of several texts; the same bits as one by one.</summary>
    /// <exception cref="EmptyTextException">A text has no tokens, and the model puts none around it.</exception>
    /// <exception cref="NonFiniteValuesException">The model computed no numbers.</exception>
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
            var vectors = Embed(read);
            for (var i = from; i < to; i++) results[i] = new(vectors[i - from], read[i - from].Length, cut[i - from]);
        }
        return results;
    }

    /// <summary>The tokens of a text, as <see cref="Embed(IReadOnlyList{int[]})"/> takes them; any thread may ask.</summary>
    /// <exception cref="EmptyTextException">There are none, and the model puts none around it.</exception>
    public int[] Tokens(string text)
    {
        var ids = model.Tokenizer.Encode(modules.Prepare(text));
        return ids.Count > 0 ? [.. ids] : throw new EmptyTextException();
    }

    /// <summary>The embeddings of texts that are tokens already, read in one pass.</summary>
    /// <param name="texts">Token ids, those that the model puts around a text included; none longer than <see cref="Limit"/>.</param>
    /// <returns>[C] for each.</returns>
    /// <exception cref="ArgumentException">A text is empty or too long.</exception>
    /// <exception cref="TokenOutOfModelException">It has a token that the model does not.</exception>
    /// <exception cref="NonFiniteValuesException">The model computed no numbers.</exception>
    public float[][] Embed(IReadOnlyList<int[]> texts)
    {
        foreach (var ids in texts)
        {
            if (ids.Length == 0 || ids.Length > Limit)
                throw new ArgumentException($"a text has {ids.Length} tokens; it can have 1 to {Limit}", nameof(texts));
            model.Check(ids);
        }
        var vectors = Vectors(texts);
        foreach (var vector in vectors) NonFiniteValuesException.ThrowIf("the values of an embedding", vector);
        return vectors;
    }

    /// <summary>What is read of a text: all of it, or its beginning, and the end token all the same.</summary>
    (int[] Ids, int Cut) Ids(string text)
    {
        List<int> ids = [.. Tokens(text)];
        var cut = Math.Max(0, ids.Count - Limit);
        if (cut > 0)
        {
            var end = model.Tokenizer.Special is { AddEos: true, Eos: { } } ? 1 : 0;
            ids.RemoveRange(Limit - end, cut);
        }
        return ([.. ids], cut);
    }

    float[][] Vectors(IReadOnlyList<int[]> texts)
    {
        int[] ids = [.. texts.SelectMany(t => t)], starts = [0, .. texts.Select((_, i) => texts.Take(i + 1).Sum(t => t.Length))];
        arena.Reset();
        var pass = new Pass(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) };
        var (hidden, width) = (model.Net.Hidden(pass).ToArray(), model.Net.Width);               // [T, C]
        return [.. texts.Select((t, i) => modules.Vector(hidden.AsSpan(starts[i] * width, t.Length * width)))];
    }

    /// <summary>Frees the activations; the model stays.</summary>
    public void Dispose() => arena.Dispose();
}
