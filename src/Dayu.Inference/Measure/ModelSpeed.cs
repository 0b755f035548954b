using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// A model being timed: reading a prompt (as a session does it, logits of the last one only) and answering (a pass for
/// each token of each sequence, all logits). Tokens are numbers that mean nothing: speed does not depend on them. One
/// thread at a time.
/// </summary>
public sealed class ModelSpeed : IDisposable
{
    readonly ICausalLm net;
    readonly SpeedTest test;
    readonly Arena arena;
    readonly KvCache cache;
    readonly KvSequence[] sequences;
    readonly float[] logits;
    readonly Weight[] read;

    /// <summary>Makes room for the sequences.</summary>
    /// <param name="model">A model that predicts.</param>
    /// <param name="test">What is timed.</param>
    /// <exception cref="NotSupportedException">The model does not predict.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the test is negative, the batch none, or the room more
    /// than the model was made for.</exception>
    public ModelSpeed(LoadedModel model, SpeedTest test)
    {
        (net, this.test, arena) = (model.As<ICausalLm>(), test, new(model.On));
        foreach (var n in (int[])[test.Prompt, test.Answer, test.Depth, test.Batch - 1])
            ArgumentOutOfRangeException.ThrowIfNegative(n, nameof(test));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(test.Room, net.Context, nameof(test));
        cache = new(model.On, test.Batch, test.Room);
        sequences = [.. Enumerable.Range(0, test.Batch).Select(_ => cache.Begin())];
        logits = new float[(long)test.Batch * net.Vocabulary];
        Step(0, 1);
        Rewind(0);
        read = [.. ReadWeights(model, net.Vocabulary)];
        Prompt = new("prompt", test.Prompt, ReadPrompt);
        Answer = new("answer", (double)test.Answer * test.Batch, WriteAnswer);
    }

    /// <summary>Reading the prompt, in tokens.</summary>
    public BenchmarkCase Prompt { get; }

    /// <summary>Answering, in tokens of all sequences.</summary>
    public BenchmarkCase Answer { get; }

    /// <summary>Which of the two are wanted.</summary>
    public IEnumerable<BenchmarkCase> Cases
    {
        get
        {
            if (test.Prompt > 0) yield return Prompt;
            if (test.Answer > 0) yield return Answer;
        }
    }

    /// <summary>
    /// Operations that the matrices take for a token: two for each weight. In a prompt the last layer is left out,
    /// which computes one row of many.
    /// </summary>
    public double OperationsOf(BenchmarkCase c)
    {
        var matrices = read.Where(w => w.Tensor.Shape.Rank == 2 && (c == Answer || w.Out != net.Vocabulary));
        return 2.0 * matrices.Sum(w => w.Tensor.Shape.Count);
    }

    /// <summary>
    /// Bytes that are read for a token of an answer: the weights as the file holds them and what the cache holds on
    /// average, the weights shared by the batch.
    /// </summary>
    public double BytesOfAnswer
    {
        get
        {
            var bytesOfToken = cache.Bytes / ((double)test.Room * test.Batch);
            return (double)read.Sum(w => w.Tensor.Bytes) / test.Batch + (test.Depth + test.Answer / 2.0) * bytesOfToken;
        }
    }

    /// <summary>The number format that most of what is read is in.</summary>
    public DType Format => read.GroupBy(w => w.Tensor.DType).MaxBy(g => g.Sum(w => w.Tensor.Bytes))!.Key;

    /// <summary>Reads what every sequence is to have read before, then does everything once.</summary>
    public void WarmUp(CancellationToken cancel)
    {
        foreach (var s in sequences) Read(s, test.Depth, cancel);
        foreach (var c in Cases) c.WarmUp(cancel);
    }

    void ReadPrompt(CancellationToken cancel)
    {
        Read(sequences[0], test.Prompt, cancel);
        Rewind(test.Depth);
    }

    void WriteAnswer(CancellationToken cancel)
    {
        for (var i = 0; i < test.Answer; i++)
        {
            cancel.ThrowIfCancellationRequested();
            Step(i, test.Batch);
        }
        Rewind(test.Depth);
    }

    void Read(KvSequence sequence, int tokens, CancellationToken cancel)
    {
        for (var at = 0; at < tokens; at += Decoding.Chunk)
        {
            cancel.ThrowIfCancellationRequested();
            arena.Reset();
            var part = Tokens(at, Math.Min(Decoding.Chunk, tokens - at));
            net.Forward(new(arena, cache, (sequence, part))).CopyTo(logits.AsSpan(0, net.Vocabulary));
        }
    }

    void Step(int i, int batch)
    {
        var parts = new (KvSequence, ReadOnlyMemory<int>)[batch];
        for (var s = 0; s < batch; s++) parts[s] = (sequences[s], Tokens(i + s, 1));
        arena.Reset();
        net.Forward(new(arena, cache, parts)).CopyTo(logits.AsSpan(0, batch * net.Vocabulary));
    }

    /// <summary>
    /// A recurrent state cannot go back, and takes the same time at any depth: such sequences begin anew.
    /// </summary>
    void Rewind(int length)
    {
        foreach (var s in sequences) if (s.Length > length) s.Truncate(s.CanTruncate ? length : 0);
    }

    int[] Tokens(int first, int count) => [.. Enumerable.Range(first, count).Select(i => (int)((i * 7919L + 13) % net.Vocabulary))];

    /// <summary>
    /// What a token takes: of tables with a row for each token of the vocabulary only the last made, since one before
    /// it is looked up in; of other matrices those that were multiplied by; all vectors.
    /// </summary>
    static IEnumerable<Weight> ReadWeights(LoadedModel model, int vocabulary)
    {
        var head = model.Weights.Values.LastOrDefault(w => w.Tensor.Shape.Rank == 2 && w.Out == vocabulary);
        return model.Weights.Values.Where(w => w.Tensor.Shape.Rank != 2 || w == head || (w.Packed is not null && w.Out != vocabulary));
    }

    /// <summary>Frees the cache.</summary>
    public void Dispose()
    {
        foreach (var s in sequences) s.Dispose();
        cache.Dispose();
        arena.Dispose();
    }
}
