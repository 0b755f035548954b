using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// How likely each token of a text is after those before it, read in pieces, so that others may compute in between. One thread at a time.
/// </summary>
public sealed class PromptScores : IDisposable
{
    const int Chunk = 128;                                           // rows of logits at a time: 60 MB of a large vocabulary

    readonly Pretrained model;
    readonly int[] ids;
    readonly int top;
    readonly Arena arena;
    readonly KvCache cache;
    readonly KvSequence sequence;
    readonly List<TokenLogProb?> scores = [null];
    readonly Candidates ranks = new();
    float[] last = [];

    /// <summary>Nothing is read yet.</summary>
    /// <param name="model">Who reads.</param>
    /// <param name="ids">The text.</param>
    /// <param name="top">How many of the likeliest tokens are told for each position.</param>
    /// <param name="format">Number format of keys and values; null: the one the backend likes.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    /// <exception cref="TokenOutOfModelException">It has a token that the model does not.</exception>
    public PromptScores(Pretrained model, IReadOnlyList<int> ids, int top, DType? format = null)
    {
        if (ids.Count == 0) throw new ArgumentException("the text is empty: there is nothing to score; give some text", nameof(ids));
        model.Check(ids);
        (this.model, this.ids, this.top) = (model, [.. ids], top);
        arena = new(model.On);
        arena.Tape.Pause();
        cache = KvCache.ForOne(model.On, ids.Count, format);
        sequence = cache.Begin();
    }

    /// <summary>Of the tokens that are read: how likely each was; null for the first, before which there is nothing.</summary>
    public IReadOnlyList<TokenLogProb?> Scores => scores;

    /// <summary>Whether all of it is read.</summary>
    public bool IsRead => sequence.Length == ids.Length;

    /// <summary>Scores of what comes next; [V]; nothing before all is read.</summary>
    public ReadOnlySpan<float> Next => last;

    /// <summary>Reads a piece.</summary>
    /// <returns>Whether more is to be read.</returns>
    /// <exception cref="NonFiniteLogitsException">The model computed no numbers.</exception>
    public bool Read()
    {
        var (from, count) = (sequence.Length, Math.Min(Chunk, ids.Length - sequence.Length));
        if (count == 0) return false;
        arena.Reset();
        var pass = new Pass(arena, cache, (sequence, ids.AsMemory(from, count))) { SelectedRows = Pass.Every(count) };
        var (logits, width) = (model.CausalLm.Forward(pass).ToArray(), model.CausalLm.Vocabulary);       // [R, V]
        for (var i = 0; i < count; i++)
        {
            var row = logits.AsSpan(i * width, width);
            NonFiniteLogitsException.ThrowIf(row);
            if (from + i + 1 < ids.Length) scores.Add(TokenLogProb.Of(row, ids[from + i + 1], top, ranks));
            else last = row.ToArray();
        }
        return !IsRead;
    }

    /// <summary>Frees what it holds; the model stays.</summary>
    public void Dispose()
    {
        cache.Dispose();
        arena.Dispose();
    }
}
