using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

/// <summary>Attention with its scores stored, in simple loops: it can return the weights, and is the oracle of the fused one.</summary>
public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void AttentionScores(Tensor y, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec)
    {
        Fill(y, float.NegativeInfinity);
        machine.Workers.Run(new ScoresJob(Out(y), Floats(q), Floats(k), y.Width, layout, spec), spec.Heads);
    }

    /// <inheritdoc/>
    public override void AttentionScoresBackward(
        Tensor? dq, Tensor? dk, Tensor dy, Tensor q, Tensor k, SequenceLayout layout, AttentionSpec spec)
    {
        var job = new ScoresBackwardJob(
            OutOrNull(dq), OutOrNull(dk), Floats(dy), Floats(q), Floats(k), dy.Width, layout, spec);
        machine.Workers.Run(job, spec.KeyValueHeads);
    }

    /// <inheritdoc/>
    public override void AttentionValues(Tensor y, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        Fill(y, 0);
        machine.Workers.Run(new ValuesJob(Out(y), Floats(w), Floats(v), w.Width, layout, spec), spec.Heads);
    }

    /// <inheritdoc/>
    public override void AttentionValuesBackward(
        Tensor? dw, Tensor? dv, Tensor dy, Tensor w, Tensor v, SequenceLayout layout, AttentionSpec spec)
    {
        var job = new ValuesBackwardJob(
            OutOrNull(dw), OutOrNull(dv), Floats(dy), Floats(w), Floats(v), w.Width, layout, spec);
        machine.Workers.Run(job, spec.KeyValueHeads);
    }

    /// <summary>An operation on a query head and a key that it sees.</summary>
    interface IPair
    {
        /// <param name="own">Index of the first value of the query's head.</param>
        /// <param name="shared">Index of the first value of the key's head.</param>
        /// <param name="score">Index of their score.</param>
        void At(long own, long shared, long score);
    }

    /// <summary>Every pair of one query head, sequences, queries and keys ascending.</summary>
    static void Pairs<T>(int head, long scoreWidth, SequenceLayout layout, AttentionSpec spec, T pair)
        where T : struct, IPair
    {
        var (width, sharedHead) = ((long)spec.HeadWidth, head / (spec.Heads / spec.KeyValueHeads));
        for (var s = 0; s < layout.Count; s++)
            for (var t = layout.QueryStarts[s]; t < layout.QueryStarts[s + 1]; t++)
            {
                var (first, end) = spec.Sees(layout.Position(s, t), layout.KeyCounts[s]);
                var own = ((long)t * spec.Heads + head) * width;
                var scores = ((long)head * layout.Queries + t) * scoreWidth;
                for (var j = first; j < end; j++)
                    pair.At(own, ((long)layout.Row(s, j) * spec.KeyValueHeads + sharedHead) * width, scores + j);
            }
    }

    /// <summary>The query heads that share a key head, one after another: they add to the same rows.</summary>
    static void GroupPairs<T>(int sharedHead, long scoreWidth, SequenceLayout layout, AttentionSpec spec, T pair)
        where T : struct, IPair
    {
        var group = spec.Heads / spec.KeyValueHeads;
        for (var h = sharedHead * group; h < (sharedHead + 1) * group; h++) Pairs(h, scoreWidth, layout, spec, pair);
    }

    readonly struct ScoresJob(
        float* y, float* q, float* k, int scoreWidth, SequenceLayout layout, AttentionSpec spec) : IJob, IPair
    {
        readonly int width = spec.HeadWidth;
        readonly float scale = spec.ScoreScale;

        public void Run(int chunk) => Pairs(chunk, scoreWidth, layout, spec, this);
        public void At(long own, long shared, long score) => y[score] = scale * Dot(q + own, k + shared, width);
    }

    readonly struct ScoresBackwardJob(
        float* dq, float* dk, float* dy, float* q, float* k, int scoreWidth, SequenceLayout layout, AttentionSpec spec) : IJob, IPair
    {
        readonly int width = spec.HeadWidth;
        readonly float scale = spec.ScoreScale;

        public void Run(int chunk) => GroupPairs(chunk, scoreWidth, layout, spec, this);

        public void At(long own, long shared, long score)
        {
            if (dq != null) AddScaled(dq + own, scale * dy[score], k + shared, width);
            if (dk != null) AddScaled(dk + shared, scale * dy[score], q + own, width);
        }
    }

    readonly struct ValuesJob(
        float* y, float* w, float* v, int scoreWidth, SequenceLayout layout, AttentionSpec spec) : IJob, IPair
    {
        readonly int width = spec.HeadWidth;

        public void Run(int chunk) => Pairs(chunk, scoreWidth, layout, spec, this);
        public void At(long own, long shared, long score) => AddScaled(y + own, w[score], v + shared, width);
    }

    readonly struct ValuesBackwardJob(
        float* dw, float* dv, float* dy, float* w, float* v, int scoreWidth, SequenceLayout layout, AttentionSpec spec) : IJob, IPair
    {
        readonly int width = spec.HeadWidth;

        public void Run(int chunk) => GroupPairs(chunk, scoreWidth, layout, spec, this);

        public void At(long own, long shared, long score)
        {
            if (dw != null) dw[score] += Dot(dy + own, v + shared, width);
            if (dv != null) AddScaled(dv + shared, w[score], dy + own, width);
        }
    }
}
