using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void AttentionScores(Tensor y, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec)
    {
        Fill(y, float.NegativeInfinity);
        foreach (var head in Heads(layout, spec))
            for (var j = head.First; j < head.End; j++)
            {
                var key = Read(k, layout.Row(head.Sequence, j))[head.Shared];
                Row(y, head.Row)[j] = (float)(spec.ScoreScale * Dot(Read(q, head.Query)[head.Own], key));
            }
    }

    /// <summary>y[j] = scale · q·kⱼ, so dq += scale · dy[j]·kⱼ and dkⱼ += scale · dy[j]·q.</summary>
    public override void AttentionScoresBackward(
        Tensor? dq, Tensor? dk, Tensor dy, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec)
    {
        var (sumQ, sumK) = (new double[q.Rows, q.Width], new double[k.Rows, k.Width]);
        foreach (var head in Heads(layout, spec))
            for (var j = head.First; j < head.End; j++)
            {
                var key = layout.Row(head.Sequence, j);
                var d = spec.ScoreScale * Read(dy, head.Row)[j];
                AddScaled(sumQ, head.Query, head.Own, d, Read(k, key)[head.Shared]);
                AddScaled(sumK, key, head.Shared, d, Read(q, head.Query)[head.Own]);
            }
        if (dq is not null) Accumulate(dq, sumQ);
        if (dk is not null) Accumulate(dk, sumK);
    }

    /// <inheritdoc/>
    public override void AttentionValues(Tensor y, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var sum = new double[y.Rows, y.Width];
        foreach (var head in Heads(layout, spec))
            for (var j = head.First; j < head.End; j++)
                AddScaled(sum, head.Query, head.Own, Read(w, head.Row)[j], Read(v, layout.Row(head.Sequence, j))[head.Shared]);
        Fill(y, 0);
        Accumulate(y, sum);
    }

    /// <summary>y = Σⱼ w[j]·vⱼ, so dw[j] += dy·vⱼ and dvⱼ += w[j]·dy.</summary>
    public override void AttentionValuesBackward(
        Tensor? dw, Tensor? dv, Tensor dy, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var sum = new double[v.Rows, v.Width];
        foreach (var head in Heads(layout, spec))
            for (var j = head.First; j < head.End; j++)
            {
                var key = layout.Row(head.Sequence, j);
                var d = Read(dy, head.Query)[head.Own];
                AddScaled(sum, key, head.Shared, Read(w, head.Row)[j], d);
                if (dw is not null) Row(dw, head.Row)[j] += (float)Dot(d, Read(v, key)[head.Shared]);
            }
        if (dv is not null) Accumulate(dv, sum);
    }

    /// <summary>One head of one query.</summary>
    /// <param name="Sequence">Its sequence.</param>
    /// <param name="Query">Its row among the queries.</param>
    /// <param name="Row">Its row among scores and weights.</param>
    /// <param name="Own">Its columns in the queries.</param>
    /// <param name="Shared">The columns of the key head it reads, which its group shares.</param>
    /// <param name="First">The first key it sees.</param>
    /// <param name="End">One past the last.</param>
    readonly record struct QueryHead(int Sequence, int Query, int Row, Range Own, Range Shared, int First, int End);

    static IEnumerable<QueryHead> Heads(SequenceLayout layout, AttentionSpec spec)
    {
        var group = spec.Heads / spec.KeyValueHeads;
        for (var s = 0; s < layout.Count; s++)
            for (var t = layout.QueryStarts[s]; t < layout.QueryStarts[s + 1]; t++)
            {
                var (first, end) = spec.Sees(layout.Position(s, t), layout.KeyCounts[s]);
                for (var h = 0; h < spec.Heads; h++)
                    yield return new(s, t, h * layout.Queries + t, Columns(h, spec), Columns(h / group, spec), first, end);
            }
    }

    static Range Columns(int head, AttentionSpec spec) => (head * spec.HeadWidth)..((head + 1) * spec.HeadWidth);

    static void AddScaled(double[,] sum, int row, Range columns, double factor, ReadOnlySpan<float> x)
    {
        for (var c = 0; c < x.Length; c++) sum[row, columns.Start.Value + c] += factor * x[c];
    }
}
