namespace Dayu.Inference;

/// <summary>How likely a token was, and what else might have come.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProb">Natural logarithm of its probability, before bias, penalties and temperature.</param>
/// <param name="Top">The likeliest tokens, best first.</param>
public sealed record TokenLogProb(int Id, float LogProb, (int Id, float LogProb)[] Top)
{
    /// <summary>Of a row of logits.</summary>
    /// <param name="logits">[V]</param>
    /// <param name="id">The token that came.</param>
    /// <param name="count">How many of the likeliest are wanted.</param>
    /// <param name="candidates">Memory to rank in, used again from row to row; null: made for this row.</param>
    public static TokenLogProb Of(ReadOnlySpan<float> logits, int id, int count, Candidates? candidates = null)
    {
        var lse = LogSumExp(logits);
        candidates ??= new();
        candidates.Fill(logits, Math.Max(1, count));
        candidates.TopK(Math.Max(1, count));
        candidates.Sort();
        var top = new (int, float)[Math.Min(count, candidates.Count)];
        for (var i = 0; i < top.Length; i++) top[i] = (candidates.Ids[i], (float)(candidates.Scores[i] - lse));
        return new(id, (float)(logits[id] - lse), top);
    }

    /// <summary>log Σ eˣ.</summary>
    public static double LogSumExp(ReadOnlySpan<float> x)
    {
        var max = float.NegativeInfinity;
        foreach (var v in x) max = MathF.Max(max, v);
        double sum = 0;
        foreach (var v in x) sum += Math.Exp(v - max);
        return max + Math.Log(sum);
    }
}
