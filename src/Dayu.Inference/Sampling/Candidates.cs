using System.Numerics;
using System.Runtime.InteropServices;

namespace Dayu.Inference;

/// <summary>
/// The tokens that may come next, with their scores; filters leave fewer. Made once, filled anew for each token.
/// </summary>
public sealed class Candidates
{
    const int Block = 64;                                            // tokens whose maximum is looked at first

    readonly PriorityQueue<float, float> best = new();               // the k best so far, the least of them on top
    int[] ids = [], order = [];
    float[] scores = [], keys = [];
    double[] distance = [];
    bool sorted;

    /// <summary>How many are left; at least one, where there was one.</summary>
    public int Count { get; private set; }

    /// <summary>Token ids; in the order of <see cref="Scores"/>.</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, Count);

    /// <summary>Scores (logits), in any order until <see cref="Sort"/>.</summary>
    public Span<float> Scores => scores.AsSpan(0, Count);

    /// <summary>All tokens that may come, each with its logit: those with minus infinity may not.</summary>
    /// <param name="logits">[V]</param>
    /// <param name="best">How many of the best are enough, if no more are needed; 0: all are needed.</param>
    public void Fill(ReadOnlySpan<float> logits, int best = 0)
    {
        if (ids.Length < logits.Length)
            (ids, scores, keys) = (new int[logits.Length], new float[logits.Length], new float[logits.Length]);
        var (n, least) = (0, LowerBound(logits, best));
        for (var first = 0; first < logits.Length; first += Block)
        {
            if (least > float.NegativeInfinity && keys[first / Block] < least) continue;
            var end = Math.Min(first + Block, logits.Length);
            for (var id = first; id < end; id++)
                if (logits[id] >= least && logits[id] != float.NegativeInfinity) (ids[n], scores[n++]) = (id, logits[id]);
        }
        (Count, sorted) = (n, false);
    }

    /// <summary>
    /// A score that at least k tokens reach: the k-th largest of the blocks' maxima, which are left in <see cref="keys"/>. Most
    /// blocks need no second look then.
    /// </summary>
    float LowerBound(ReadOnlySpan<float> logits, int k)
    {
        var blocks = (logits.Length + Block - 1) / Block;
        if (k <= 0 || k > blocks) return float.NegativeInfinity;
        for (var b = 0; b < blocks; b++) keys[b] = Largest(logits[(b * Block)..Math.Min((b + 1) * Block, logits.Length)]);
        return Kth(keys.AsSpan(0, blocks), k);
    }

    /// <summary>Best first; of equal ones the lower id.</summary>
    public void Sort()
    {
        if (sorted) return;
        for (var i = 0; i < Count; i++) keys[i] = -scores[i];
        Array.Sort(keys, ids, 0, Count);
        for (var i = 0; i < Count; i++) scores[i] = -keys[i];
        for (int i = 0, j; i < Count; i = j)
        {
            for (j = i + 1; j < Count && scores[j] == scores[i]; j++) { }
            if (j > i + 1) Array.Sort(ids, i, j - i);
        }
        sorted = true;
    }

    /// <summary>The k best, and what is as good as the k-th; best first.</summary>
    public void TopK(int k)
    {
        if (k <= 0 || k >= Count) return;
        if (!sorted && Count > 4 * k) KeepAtLeast(Kth(Scores, k));
        Sort();
        while (k < Count && scores[k] == scores[k - 1]) k++;
        Count = Math.Min(Count, k);
    }

    /// <summary>The k-th largest value.</summary>
    float Kth(ReadOnlySpan<float> values, int k)
    {
        best.Clear();
        foreach (var v in values)
            if (best.Count < k) best.Enqueue(v, v);
            else if (v > best.Peek()) best.EnqueueDequeue(v, v);
        return best.Peek();
    }

    /// <summary>Those whose score is at least this.</summary>
    void KeepAtLeast(float score)
    {
        var n = 0;
        for (var i = 0; i < Count; i++)
            if (scores[i] >= score) (ids[n], scores[n++]) = (ids[i], scores[i]);
        Count = n;
    }

    /// <summary>The fewest best whose probabilities reach p.</summary>
    public void TopP(float p)
    {
        if (p >= 1) return;
        Sort();
        Probabilities(keys);
        double sum = 0;
        var n = 0;
        while (n < Count && (n == 0 || sum < p - 1e-6)) sum += keys[n++];   // a sum that is short of p by rounding alone has reached it
        Count = n;
    }

    /// <summary>Those at least <paramref name="share"/> as likely as the best.</summary>
    public void MinP(float share)
    {
        if (share <= 0) return;
        KeepAtLeast(Largest(Scores) + MathF.Log(share));
    }

    /// <summary>
    /// Those whose surprise is nearest to the mean surprise, until their probabilities reach <paramref name="mass"/>;
    /// best first.
    /// </summary>
    public void Typical(float mass)
    {
        if (mass >= 1) return;
        Sort();
        var p = keys;
        Probabilities(p);
        double entropy = 0;
        for (var i = 0; i < Count; i++) if (p[i] > 0) entropy -= p[i] * Math.Log(p[i]);
        if (order.Length < Count) (order, distance) = (new int[ids.Length], new double[ids.Length]);
        for (var i = 0; i < Count; i++)
            (order[i], distance[i]) = (i, p[i] > 0 ? Math.Abs(-Math.Log(p[i]) - entropy) : double.PositiveInfinity);
        Array.Sort(distance, order, 0, Count);
        double sum = 0;
        var n = 0;
        while (n < Count && (n == 0 || sum < mass || distance[n] == distance[n - 1])) sum += p[order[n++]];
        Array.Sort(order, 0, n);                                     // back to best first
        for (var i = 0; i < n; i++) (ids[i], scores[i]) = (ids[order[i]], scores[order[i]]);
        Count = n;
    }

    /// <summary>Divides all scores.</summary>
    public void Temper(float temperature)
    {
        foreach (ref var s in Scores) s /= temperature;
    }

    /// <summary>One of them, each as likely as its probability says.</summary>
    /// <param name="u">A number from 0, below 1.</param>
    public int Draw(double u)
    {
        Sort();
        Probabilities(keys);
        double sum = 0;
        for (var i = 0; i < Count; i++)
            if ((sum += keys[i]) > u) return ids[i];
        return ids[0];                                               // u beyond the sum by rounding
    }

    /// <summary>The largest value; NaN where any is.</summary>
    internal static float Largest(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var widest = new Vector<float>(float.NegativeInfinity);
        foreach (var v in vectors) widest = Vector.Max(widest, v);
        var largest = float.NegativeInfinity;
        for (var i = 0; i < Vector<float>.Count; i++) largest = MathF.Max(largest, widest[i]);
        foreach (var v in values[(vectors.Length * Vector<float>.Count)..]) largest = MathF.Max(largest, v);
        return largest;
    }

    /// <summary>Softmax of the scores.</summary>
    void Probabilities(float[] p)
    {
        var largest = Largest(Scores);
        double sum = 0;
        for (var i = 0; i < Count; i++) sum += p[i] = MathF.Exp(scores[i] - largest);
        for (var i = 0; i < Count; i++) p[i] = (float)(p[i] / sum);
    }
}
