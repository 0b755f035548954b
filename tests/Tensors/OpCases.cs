using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Every op, one line a case.</summary>
public static class OpCases
{
    /// <summary>
    /// Sizes that vector loops, tiles and chunks do not divide; the last two are beyond the row block and the depth
    /// block of a matrix product.
    /// </summary>
    public static Size[] Awkward { get; } =
    [
        new(1, 1, 1, 2),
        new(1, 31, 33, 6),
        new(3, 33, 31, 10),
        new(2, 127, 65, 34),
        new(31, 64, 96, 64),
        new(33, 130, 127, 18),
        new(127, 97, 129, 4),
        new(515, 5, 35, 2),
        new(2, 4100, 19, 8),
    ];

    /// <summary>Every case at one size.</summary>
    public static IEnumerable<OpCase> At(Size size)
    {
        var (t, c, n, d) = size;

        yield return new("add", [X(t, c), X(t, c)], o => o[0] + o[1]);
        yield return new("add a row", [X(t, c), X(c)], o => o[0] + o[1]);
        yield return new("mul", [X(t, c), X(t, c)], o => o[0] * o[1]);
        yield return new("square", [X(t, c)], o => o[0] * o[0]);
        yield return new("scale", [X(t, c)], o => o[0] * -1.7f);
        yield return new("relu", [X(t, c)], o => Op.Relu(o[0]));
        yield return new("relu squared", [X(t, c)], o => Op.ReluSquared(o[0]));
        yield return new("gelu tanh", [X(t, c)], o => Op.GeluTanh(o[0]));
        yield return new("gelu erf", [X(t, c)], o => Op.GeluErf(o[0]));
        yield return new("silu", [X(t, c)], o => Op.Silu(o[0]));
        yield return new("tanh", [X(t, c)], o => Op.Tanh(o[0]));
        yield return new("sigmoid", [X(t, c)], o => Op.Sigmoid(o[0]));
        yield return new("swiglu", [X(t, c), X(t, c)], o => Op.SwiGlu(o[0], o[1]), o => Op.SwiGluComposed(o[0], o[1]));

        foreach (var f in DType.Known.Where(f => f != DType.I32))
        {
            var width = (c + f.BlockValues - 1) / f.BlockValues * f.BlockValues;    // a row is a whole number of blocks
            var loose = f.IsQuantised || f == DType.BF16 ? 2e-2 : 1e-5;            // a backend may round activations to meet the weights
            yield return new($"matmul {f}", [X(t, width), W(f, n, width)], o => Op.MatMul(o[0], o.W(1)), Tolerance: loose);
            // several weights in one parallel-for: the same code for all forms
            if (!f.IsQuantised || f.Name is "q8_0" or "q4_k")
                yield return new($"matmul {f} two at once", [X(t, width), W(f, n, width), W(f, n + 1, width)],
                    o => Joined(Op.MatMul(o[0], o.W(1), o.W(2))),
                    o => Op.Concat(Op.MatMul(o[0], o.W(1)), Op.MatMul(o[0], o.W(2))), loose);
            yield return new($"gather {f}", [W(f, n, width), Ids(t, n)], o => Op.Gather(o[0], o[1]));
        }
        yield return new("matmul with a bias", [X(t, c), W(DType.F32, n, c), X(n)],
            o => Op.MatMul(o[0], o.W(1), o[2]), o => Op.MatMul(o[0], o.W(1)) + o[2]);
        yield return new("matmul, adapted", [X(t, c), W(DType.F32, n, c), W(DType.F32, d, c), W(DType.F32, n, d)],
            o => Op.MatMul(o[0], Adapted(o)), o => Op.MatMul(o[0], o.W(1)) + Op.MatMul(Op.MatMul(o[0], o.W(2)) * 0.7f, o.W(3)));
        yield return new("matmul three at once", [X(t, c), W(DType.F32, n + 3, c), W(DType.BF16, n, c), W(DType.F16, n, c)],
            o => Joined(Op.MatMul(o[0], o.W(1), o.W(2), o.W(3))),
            o => Op.Concat(Op.Concat(Op.MatMul(o[0], o.W(1)), Op.MatMul(o[0], o.W(2))), Op.MatMul(o[0], o.W(3))), 2e-2);
        yield return new("scatter", [X(2 * t + 1, c), X(t, c), Ids([.. Enumerable.Range(0, t).Select(i => 2 * (t - i))])],
            o => Scattered(o[0], o[1], o[2]), HasGradient: false);

        yield return new("slice", [X(t, 2 * c + 1)], o => Op.Slice(o[0], c, c));
        yield return new("split in three", [X(t, 3 * c)], o => Op.Split3(o[0]) is var (q, k, v) ? q + Op.Scale(k, 2) * v : o[0]);
        yield return new("concat", [X(t, c), X(t, n)], o => Op.Concat(o[0], o[1]));
        yield return new("softmax", [X(t, c)], o => Op.Softmax(o[0]));
        // too steep for differences
        yield return new("softmax of large values", [X(t, c)], o => Op.Softmax(o[0] * 90), Tolerance: 1e-4, HasGradient: false);
        yield return new("rmsnorm", [X(t, c), X(c)], o => Op.RmsNorm(o[0], o[1], 1e-2f));
        yield return new("rmsnorm by heads", [X(t, 3 * c), X(c)], o => Op.RmsNorm(o[0], o[1], 1e-2f));
        yield return new("layernorm", [X(t, c), X(c), X(c)], o => Op.LayerNorm(o[0], o[1], o[2], 1e-2f));
        yield return new("cross-entropy", [X(t, n), Ids(t, n)], o => Op.CrossEntropy(o[0], o[1]));
        var someIgnored = Ids([.. Ids(t, n).Integers!.Select((v, i) => i % 3 == 1 ? -100 : v)]);
        yield return new("cross-entropy, some ignored", [X(t, n), someIgnored], o => Op.CrossEntropy(o[0] * 3, o[1]));
        yield return new("cross-entropy, weighted and smoothed", [X(t, n), someIgnored],
            o => Op.CrossEntropy(o[0] * 3, o[1], o[0].Arena.New(t).Set([.. Enumerable.Range(0, t).Select(i => i % 5 / 4f)]), 0.1f));
        yield return new("cross-entropy, smoothed over fewer classes", [X(t, n), Ids(t, Math.Max(1, n - 3))],
            o => Op.CrossEntropy(o[0] * 3, o[1], smoothing: 0.2f, classes: Math.Max(1, n - 3)));
        foreach (var heat in (float[])[1, 2.5f])
            yield return new($"kl divergence at {heat}", [X(t, n)], o => Op.KlDivergence(o[0] * 3, Teacher(o[0]), Shares(o[0]), heat));
        yield return new("dropout", [X(t, c)], o => Op.Dropout(o[0], 0.3f, 77));

        var halves = new RopeSpec(d, 10_000);
        var pairs = new RopeSpec(d, d, 10_000, Interleaved: true);
        var part = new RopeSpec(d + 6, d, 500, Scaling: new YarnScaling(4, 32));
        var positions = Ids([.. Enumerable.Range(0, t).Select(i => i * 5 % 1000)]);
        yield return new("rope angles", [positions], o => Op.RopeAngles(o[0], halves));
        yield return new("rope", [X(t, 3 * d), positions], o => Op.Rope(o[0], Op.RopeAngles(o[1], halves), halves));
        yield return new("rope in pairs", [X(t, 3 * d), positions], o => Op.Rope(o[0], Op.RopeAngles(o[1], pairs), pairs));
        yield return new("rope of a part, yarn", [X(t, 2 * (d + 6)), positions], o => Op.Rope(o[0], Op.RopeAngles(o[1], part), part));

        var packed = SequenceLayout.Packed(0, t / 3, t / 3, t);                     // the second is empty
        var crossed = SequenceLayout.Crossed([0, t / 3, t], [0, n / 2, n]);
        var (paged, rows) = Paged(3, (t / 3, 5), (t - t / 3, 2), (0, 4));
        yield return Attention("causal", t, t, packed, new(2, 2, d));
        yield return Attention("in groups", t, t, packed, new(6, 2, d));
        yield return Attention("both ways", t, t, packed, new(2, 1, d, Causal: false, Scale: 0.3f));
        yield return Attention("in a window", t, t, packed, new(2, 2, d, Window: 4));
        yield return Attention("in a window both ways", t, t, packed, new(2, 2, d, Causal: false, Window: 3));
        yield return Attention("to another text", t, n, crossed, new(2, 2, d, Causal: false));
        yield return Attention("to a cache in shuffled blocks", t, rows, paged, new(4, 2, d));
        yield return Attention("to a cache in a window", t, rows, paged, new(4, 2, d, Window: 5));

        int[] ragged = [.. Ragged(t, 3, 1, 0, 5, 2)];
        foreach (var cell in Enum.GetValues<RecurrentCell>())
        {
            var name = cell.ToString().ToLowerInvariant();
            yield return Recurrent($"{name} of many sequences", cell, n, ragged);
            yield return Recurrent($"{name} of one sequence", cell, n, [0, t]);
            yield return Recurrent($"{name}, the last states", cell, n, ragged, last: true);
        }
        foreach (var format in new[] { DType.F16, DType.Named("q8_0") })
            yield return Recurrent($"lstm by {format}", RecurrentCell.Lstm, (n + 31) / 32 * 32, [.. Ragged(t, 2)], format);
    }

    /// <summary>
    /// States stay small, so that what one step is off by does not grow with the next: weights of float32 are scaled
    /// down.
    /// </summary>
    static OpCase Recurrent(string name, RecurrentCell cell, int hidden, int[] starts, DType? format = null, bool last = false)
    {
        var (gates, states, small) = (cell.Gates * hidden, starts.Length - 1, 0.5f / MathF.Sqrt(hidden));
        return new(name, [X(starts[^1], gates), W(format ?? DType.F32, gates, hidden), X(gates), X(states, cell.States * hidden)], o =>
        {
            var w = format is null ? new Weight("w", o[1] * small) : o.W(1);
            var (y, after) = Op.Recurrent(cell, o[0], w, o[2], o[3], starts);
            return last ? after : y;
        }, Tolerance: format is null ? 1e-5 : 1e-4, HasGradient: !last);
    }

    /// <summary>Where sequences begin whose lengths are these in turn.</summary>
    static IEnumerable<int> Ragged(int count, params int[] lengths)
    {
        for (var (start, i) = (0, 0); start < count; start += lengths[i++ % lengths.Length]) yield return start;
        yield return count;
    }

    static OpCase Attention(string name, int queries, int keys, SequenceLayout layout, AttentionSpec spec)
    {
        var (width, shared) = (spec.Heads * spec.HeadWidth, spec.KeyValueHeads * spec.HeadWidth);
        return new($"attention {name}", [X(queries, width), X(keys, shared), X(keys, shared)],
            o => Op.Attention(o[0], o[1], o[2], layout, spec), o => Op.AttentionComposed(o[0], o[1], o[2], layout, spec));
    }

    /// <summary>
    /// Sequences with keys from earlier passes, their blocks dealt out to them in turn from the end of the cache.
    /// </summary>
    static (SequenceLayout Layout, int Rows) Paged(int blockSize, params (int Queries, int Past)[] sequences)
    {
        int[] keys = [.. sequences.Select(s => s.Queries + s.Past)];
        int[] starts = [0, .. sequences.Select((_, i) => sequences[..(i + 1)].Sum(s => s.Queries))];
        List<int>[] blocks = [.. sequences.Select(_ => new List<int>())];
        var rows = keys.Sum(k => (k + blockSize - 1) / blockSize) * blockSize;
        for (var next = rows; next > 0;)
            for (var s = 0; s < keys.Length; s++)
                if (blocks[s].Count * blockSize < keys[s]) blocks[s].Add(next -= blockSize);
        return (new(starts, keys, [.. blocks.Select(b => b.ToArray())], blockSize), rows);
    }

    static Input X(params ReadOnlySpan<long> shape) => new(DType.F32, new(shape));

    static Input W(DType format, int rows, int width) => new(format, new(rows, width));

    static Input Ids(params int[] values) => new(DType.I32, new(values.Length), values);

    static Input Ids(int count, int below) =>
        Ids([.. Enumerable.Range(0, count).Select(i => (int)(CounterRng.Mix(9, (ulong)i) % (ulong)below))]);

    static Tensor Joined((Tensor A, Tensor B) y) => Op.Concat(y.A, y.B);

    static Tensor Joined((Tensor A, Tensor B, Tensor C) y) => Op.Concat(Op.Concat(y.A, y.B), y.C);

    /// <summary>The weight 1 with the pair 2, 3 on it.</summary>
    static Weight Adapted(Operands o)
    {
        var w = new Weight("adapted", o[1]);
        w.Adapt(new(o.W(2), o.W(3), 0.7f));
        return w;
    }

    /// <summary>Logits of another model, of the same shape.</summary>
    static Tensor Teacher(Tensor student) =>
        student.Like().Set(X(student.Rows, student.Width).Values(7).Select(v => 4 * v).ToArray());

    /// <summary>Factors on each row, some 0.</summary>
    static Tensor Shares(Tensor student) =>
        student.Arena.New(student.Rows).Set([.. Enumerable.Range(0, student.Rows).Select(i => i % 5 / 4f)]);

    static Tensor Scattered(Tensor table, Tensor x, Tensor rows)
    {
        Op.Scatter(table, x, rows);
        return table;
    }
}
