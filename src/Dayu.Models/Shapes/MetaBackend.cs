using System.Runtime.InteropServices;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// A device without memory (PyTorch calls it meta): tensors have shapes and no numbers, kernels compute nothing and
/// count what they would have. The code of a model runs on it as on any other, so what is counted is what that code
/// asks for. Counts are kept here: one pass at a time.
/// </summary>
sealed partial class MetaBackend : Backend
{
    const nint Nowhere = 64;                                         // an address that is aligned and never read

    /// <summary>Multiply-adds, two operations each, of what was computed so far.</summary>
    public Operations Forward { get; private set; }

    /// <summary>The same of gradients.</summary>
    public Operations Backward { get; private set; }

    /// <summary>Values of keys and values that attention read for each position, of all layers that were run.</summary>
    public long KeyValueWidth { get; private set; }

    /// <summary>Values of states that recurrent layers carry on, of all layers that were run and one sequence.</summary>
    public long StateWidth { get; private set; }

    /// <summary>Tables of which rows were taken.</summary>
    public HashSet<Weight> Tables { get; } = [];

    /// <summary>Counts anew.</summary>
    public void Forget()
    {
        (Forward, Backward, KeyValueWidth, StateWidth) = (default, default, 0, 0);
        Tables.Clear();
    }

    /// <inheritdoc/>
    public override string Name => "meta";

    /// <inheritdoc/>
    public override nint Allocate(long bytes) => Nowhere;

    /// <inheritdoc/>
    public override void Free(nint address, long bytes) { }

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<byte> from, nint to) { }

    /// <summary>Numbers that nobody computed: all 1, as the gradient that a backward pass begins with.</summary>
    public override void Download(nint from, Span<byte> to) => MemoryMarshal.Cast<byte, float>(to).Fill(1);

    /// <inheritdoc/>
    public override void Copy(nint from, nint to, long bytes) { }

    /// <inheritdoc/>
    public override void MatMul(Tensor y, Tensor x, Weight w) => Forward += new Operations(Products(x.Rows, w.Out, w.In), 0);

    /// <inheritdoc/>
    public override void MatMulDx(Tensor dx, Tensor dy, Weight w, bool add) =>
        Backward += new Operations(Products(dy.Rows, w.Out, w.In), 0);

    /// <inheritdoc/>
    public override void MatMulDw(Tensor dw, Tensor dy, Tensor x) => Backward += new Operations(Products(dy.Rows, dy.Width, x.Width), 0);

    /// <inheritdoc/>
    public override void Gather(Tensor y, Weight table, Tensor rows) => Tables.Add(table);

    /// <summary>In one pass, as every backend that is meant for work does it: no score is kept.</summary>
    public override Tensor Attention(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var (y, lse) = (q.Like(), q.Arena.New(q.Rows, spec.Heads));
        KeyValueWidth += 2 * k.Width;
        Forward += new Operations(0, 2 * Scores(layout, spec));
        return y.Follows(q, k, v) ? y.Records(AttentionBackward(q, k, v, layout, spec)) : y;
    }

    Action<Tensor> AttentionBackward(Tensor q, Tensor k, Tensor v, SequenceLayout layout, AttentionSpec spec) => _ =>
        Backward += new Operations(0, (TouchGradients(q, k, v) + 1) * Scores(layout, spec));   // and that of the weights between

    /// <inheritdoc/>
    public override void AttentionScores(Tensor y, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec)
    {
        KeyValueWidth += 2 * k.Width;
        Forward += new Operations(0, Scores(layout, spec));
    }

    /// <inheritdoc/>
    public override void AttentionScoresBackward(
        Tensor? dq, Tensor? dk, Tensor dy, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec) =>
        Backward += new Operations(0, Wanted(dq, dk) * Scores(layout, spec));

    /// <inheritdoc/>
    public override void AttentionValues(Tensor y, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec) =>
        Forward += new Operations(0, Scores(layout, spec));

    /// <inheritdoc/>
    public override void AttentionValuesBackward(
        Tensor? dw, Tensor? dv, Tensor dy, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec) =>
        Backward += new Operations(0, Wanted(dw, dv) * Scores(layout, spec));

    /// <inheritdoc/>
    public override void Recurrent(Tensor y, Tensor last, Tensor? kept, in RecurrentOf of)
    {
        StateWidth += of.State.Width;
        Forward += new Operations(Products(y.Rows, of.W.Out, of.W.In), 0);
    }

    /// <inheritdoc/>
    public override void RecurrentBackward(
        Tensor? dx, Tensor dgates, Tensor? dstate, Tensor dy, Tensor y, Tensor? kept, in RecurrentOf of) =>
        Backward += new Operations(Products(y.Rows, of.W.Out, of.W.In), 0);

    static int Wanted(Tensor? a, Tensor? b) => (a is null ? 0 : 1) + (b is null ? 0 : 1);

    static double Products(double rows, double outputs, double inputs) => 2 * rows * outputs * inputs;

    /// <summary>Operations of all heads for every query and every key that it sees, masked ones left out.</summary>
    static double Scores(SequenceLayout layout, AttentionSpec spec)
    {
        var pairs = 0L;
        for (var s = 0; s < layout.Count; s++)
            for (var t = layout.QueryStarts[s]; t < layout.QueryStarts[s + 1]; t++)
            {
                var (first, end) = spec.Sees(layout.Position(s, t), layout.KeyCounts[s]);
                pairs += end - first;
            }
        return 2.0 * spec.Heads * spec.HeadWidth * pairs;
    }
}
