using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>What a model makes of whole answers.</summary>
static class SequenceScores
{
    /// <summary>For each sequence, log p of its targets that count, summed: [S], in nats.</summary>
    /// <param name="lm">Who reads.</param>
    /// <param name="pass">Reads all sequences; every row is selected. Nothing is recorded.</param>
    /// <param name="batch">What they are.</param>
    public static double[] Of(ICausalLm lm, Pass pass, Batch batch)
    {
        using var paused = pass.Arena.Tape.Pause();
        var hidden = lm.Hidden(pass);                                // [T, C]
        var scores = new double[batch.Starts.Length - 1];
        for (var s = 0; s < scores.Length; s++)
        {
            var (start, count) = (batch.Starts[s], batch.Starts[s + 1] - batch.Starts[s]);
            if (count == 0) continue;
            var mark = pass.Arena.Mark();
            var weights = new float[count];
            Array.Fill(weights, 1);
            var rows = hidden.View((long)start * hidden.Width, new(count, hidden.Width));
            scores[s] = -lm.Head.Loss(rows, new(batch.Targets[start..(start + count)], Weights: weights)).ToArray()[0];
            pass.Arena.Recycle(mark);
        }
        return scores;
    }
}
