using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// Attention as work to be timed: one query over a long cache, in so many layers that no cache of the processor holds
/// them; and a prompt over itself.
/// </summary>
/// <param name="on">Where it is computed.</param>
/// <param name="spec">Heads and their width.</param>
/// <param name="format">Number format of the keys and values that came before.</param>
public sealed class AttentionWork(Backend on, AttentionSpec spec, DType format) : IDisposable
{
    const int Layers = 24, Chunk = 512;

    readonly Arena arena = new(on), kept = new(on);
    readonly List<KvCache> caches = [];

    /// <summary>A token's attention over what came before it, layer by layer; work is the bytes of keys and values.</summary>
    /// <param name="depth">Tokens that came before.</param>
    public BenchmarkCase Decode(int depth)
    {
        var cache = KvCache.ForOne(on, depth + 1, format);
        caches.Add(cache);
        var (sequence, layers) = (cache.Begin(), Enumerable.Range(0, Layers).Select(_ => new object()).ToArray());
        for (var at = 0; at < depth; at += Chunk)                    // seeing little makes filling cheap; the keys are the same
        {
            arena.Reset();
            var pass = new Pass(arena, cache, (sequence, new int[Math.Min(Chunk, depth - at)]));
            var (q, k) = Rows(arena, pass.Ids.Width);
            foreach (var layer in layers) pass.Attend(layer, q, k, k, spec with { Window = 1 });
        }
        return new($"decode {depth}", (double)cache.Bytes * depth / (depth + 1), cancel =>
        {
            cancel.ThrowIfCancellationRequested();
            arena.Reset();
            var pass = new Pass(arena, cache, (sequence, new int[1]));
            var (q, k) = Rows(arena, 1);
            foreach (var layer in layers) pass.Attend(layer, q, k, k, spec);
            sequence.Truncate(depth);
        });
    }

    /// <summary>
    /// A prompt's attention over itself; work is operations: two products of each query with each key that it sees, of
    /// the width of a head.
    /// </summary>
    /// <param name="tokens">Tokens of the prompt.</param>
    public BenchmarkCase Prefill(int tokens)
    {
        var (q, rows) = Rows(kept, tokens);
        var keys = kept.New(format, rows.Shape);
        Op.Scatter(keys, rows, kept.Ints([.. Enumerable.Range(0, tokens)]));
        return new($"prefill {tokens}", 4.0 * spec.Heads * spec.HeadWidth * tokens * (tokens + 1) / 2, cancel =>
        {
            cancel.ThrowIfCancellationRequested();
            var mark = kept.Mark();
            Op.Attention(q, keys, keys, SequenceLayout.Packed(0, tokens), spec);
            kept.Recycle(mark);
        });
    }

    (Tensor Queries, Tensor Keys) Rows(Arena of, int count)
    {
        var (width, kvWidth) = (spec.Heads * spec.HeadWidth, spec.KeyValueHeads * spec.HeadWidth);
        return (of.New(count, width).Set(Values(count * width)), of.New(count, kvWidth).Set(Values(count * kvWidth)));
    }

    static float[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i))];

    /// <summary>Frees caches and operands.</summary>
    public void Dispose()
    {
        foreach (var c in caches) c.Dispose();
        arena.Dispose();
        kept.Dispose();
    }
}
