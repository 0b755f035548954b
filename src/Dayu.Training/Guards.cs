namespace Dayu.Training;

/// <summary>What may be wrong with a training.</summary>
public enum TrainingDoubt
{
    /// <summary>The loss leapt: far above what its last steps spread over.</summary>
    Spike,

    /// <summary>The loss has not fallen for long.</summary>
    Plateau,

    /// <summary>The held-out loss rises while that of what is learnt falls.</summary>
    Overfitting,

    /// <summary>The disk has no room for two more checkpoints.</summary>
    DiskLow,
}

/// <summary>Watches a training's losses: each doubt is told once, and again when it has passed and come back.</summary>
public sealed class Guards
{
    const int Window = 100, Patience = 500;
    const double SpikeAt = 6, Gap = 0.1;

    readonly Queue<double> last = new();
    readonly HashSet<TrainingDoubt> told = [];
    double best = double.PositiveInfinity, bestHeld = double.PositiveInfinity, smoothed = double.NaN;
    long since;

    /// <summary>Looks at a step's loss.</summary>
    /// <returns>What is new to be told.</returns>
    public TrainingDoubt[] Stepped(StepReport step)
    {
        var leaps = IsSpike(step.Loss);
        last.Enqueue(step.Loss);
        if (last.Count > Window) last.Dequeue();
        smoothed = double.IsNaN(smoothed) ? step.Loss : smoothed + (step.Loss - smoothed) / Window;
        (best, since) = smoothed < best - 1e-3 ? (smoothed, 0) : (best, since + 1);
        return [.. New(TrainingDoubt.Spike, leaps), .. New(TrainingDoubt.Plateau, since >= Patience)];
    }

    /// <summary>Looks at a loss of the held-out text.</summary>
    /// <returns>What is new to be told.</returns>
    public TrainingDoubt[] Evaluated(double heldOut)
    {
        bestHeld = Math.Min(bestHeld, heldOut);
        return New(TrainingDoubt.Overfitting, heldOut > bestHeld + 0.02 && heldOut > smoothed + Gap);
    }

    /// <summary>Looks at the room on the disk.</summary>
    /// <param name="free">Bytes.</param>
    /// <param name="checkpoint">Bytes of a checkpoint.</param>
    public TrainingDoubt[] Saved(long free, long checkpoint) => New(TrainingDoubt.DiskLow, free < 2 * checkpoint);

    /// <summary>z-score of the loss among its last ones; the first steps fall too fast to judge.</summary>
    bool IsSpike(double loss)
    {
        if (last.Count < Window) return false;
        var mean = last.Average();
        var spread = Math.Sqrt(last.Average(l => (l - mean) * (l - mean)));
        return loss - mean > SpikeAt * Math.Max(spread, 1e-3);
    }

    TrainingDoubt[] New(TrainingDoubt doubt, bool holds)
    {
        if (holds) return told.Add(doubt) ? [doubt] : [];
        told.Remove(doubt);
        return [];
    }
}
