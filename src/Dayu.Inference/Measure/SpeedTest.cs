namespace Dayu.Inference;

/// <summary>What is timed of a model.</summary>
/// <param name="Prompt">Tokens of a prompt that is read; 0: none is.</param>
/// <param name="Answer">Tokens that are computed one by one, for each sequence; 0: none are.</param>
/// <param name="Depth">Tokens that every sequence has read before.</param>
/// <param name="Batch">Sequences that are answered together: a pass computes one token of each.</param>
public sealed record SpeedTest(int Prompt = 512, int Answer = 128, int Depth = 0, int Batch = 1)
{
    /// <summary>Tokens that a sequence must have room for; too many to count are as many as can be.</summary>
    public int Room => (int)Math.Min(int.MaxValue, (long)Depth + Math.Max(1, Math.Max(Prompt, Answer)));
}
