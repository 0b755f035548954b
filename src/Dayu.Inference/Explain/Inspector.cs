using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>
/// Looks inside a model of any kind: what each head of attention looks at, where a token lies among the others.
/// </summary>
/// <param name="model">The model; its weights need not be packed
/// (<see cref="Pretrained.Map(string, Backend, string?, string?)"/>).</param>
public sealed class Inspector(Pretrained model)
{
    const int RowsAtOnce = 4096;

    /// <summary>The model.</summary>
    public Pretrained Model => model;

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer => model.Tokenizer;

    /// <summary>Whether it reads from left to right: a token sees itself and those before it.</summary>
    public bool IsCausal => model.Net.IsCausal;

    /// <summary>
    /// The ids of a text, as the model is used to them: with [CLS] and [SEP], say, where it reads in both directions.
    /// </summary>
    public List<int> Encode(string text) => IsCausal
        ? Prompts.Encode(Tokenizer, text, parseSpecial: false) : Tokenizer.Encode(text, addSpecial: true, parseSpecial: false);

    /// <summary>Runs the model and gives the attention weights of each layer.</summary>
    /// <param name="ids">At most <see cref="IModel.Context"/>.</param>
    /// <exception cref="NonFiniteValuesException">The model computed no numbers.</exception>
    /// <exception cref="NotSupportedException">The model has none.</exception>
    public IReadOnlyList<AttentionWeights> Attention(IReadOnlyList<int> ids)
    {
        model.Check(ids);
        using var arena = new Arena(model.On);
        var pass = new Pass(arena, [.. ids]) { Probe = new() };
        model.Net.Hidden(pass);
        if (pass.Probe!.Attention is not { Count: > 0 } attention)
            throw new NotSupportedException($"{model.Model.Family.Name} models have no attention to look at; take a transformer");
        foreach (var layer in attention) NonFiniteValuesException.ThrowIf("the weights of attention", layer.Values);
        return attention;
    }

    /// <summary>The table of token embeddings, [V, C]: the first weight that has a row for each token.</summary>
    Tensor Table => model.Model.Weights.Values.Select(w => w.Tensor)
        .FirstOrDefault(t => t.Shape.Rank == 2 && t.Rows >= Math.Min(model.Vocabulary, Tokenizer.VocabularySize))
        ?? throw new NotSupportedException($"a {model.Model.Family.Name} model has no table of token embeddings");

    /// <summary>Tokens that have an embedding.</summary>
    public int Tokens => Math.Min(Table.Rows, Tokenizer.VocabularySize);

    /// <summary>The embedding of a stretch of tokens: the mean of theirs.</summary>
    /// <param name="ids">At least one.</param>
    public float[] Embedding(IReadOnlyList<int> ids)
    {
        model.Check(ids);
        var mean = new float[Table.Width];
        foreach (var row in Rows([.. ids]))
            for (var i = 0; i < mean.Length; i++) mean[i] += row[i] / ids.Count;
        return mean;
    }

    /// <summary>The tokens whose embeddings lie nearest to a vector, by the cosine between them, nearest first.</summary>
    /// <param name="vector">Of the table's width.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="without">Ids that are not wanted.</param>
    public List<(int Id, double Cosine)> Nearest(float[] vector, int count, params IEnumerable<int> without)
    {
        var (nearest, skip) = (new PriorityQueue<int, (double Cosine, int Later)>(), without.ToHashSet());
        for (var first = 0; first < Tokens; first += RowsAtOnce)
        {
            var id = first;
            foreach (var row in Rows([.. Enumerable.Range(first, Math.Min(RowsAtOnce, Tokens - first))]))
            {
                if (!skip.Contains(id)) nearest.Enqueue(id, (Vectors.Cosine(vector, row), -id));
                if (nearest.Count > count) nearest.Dequeue();
                id++;
            }
        }
        return [.. nearest.UnorderedItems.OrderByDescending(n => n.Priority).Select(n => (n.Element, n.Priority.Cosine))];
    }

    float[][] Rows(int[] ids)
    {
        using var arena = new Arena(model.On);
        var rows = Op.Gather(Table, arena.Ints(ids));
        var (values, width) = (rows.ToArray(), rows.Width);
        NonFiniteValuesException.ThrowIf("the embeddings of tokens", values);
        return [.. Enumerable.Range(0, ids.Length).Select(i => values.AsSpan(i * width, width).ToArray())];
    }
}
