using Dayu.Hub;

namespace Dayu.Training;

/// <summary>What a training costs: measured on steps of the real shape, never estimated from formulas.</summary>
public sealed record TrainingCost
{
    static readonly TimeSpan warmUp = TimeSpan.FromSeconds(2), measured = TimeSpan.FromSeconds(5);

    /// <summary>Weights of the model, a tied one counted once.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of the weights that are trained; their gradients take as many.</summary>
    public required long Weights { get; init; }

    /// <summary>Bytes of the weights that are not trained: those below an adapter, in their own number format.</summary>
    public required long Frozen { get; init; }

    /// <summary>Bytes of the optimizer's moments, and of averaged weights.</summary>
    public required long Moments { get; init; }

    /// <summary>Bytes of the activations of a pass.</summary>
    public required long Activations { get; init; }

    /// <summary>Bytes of a checkpoint.</summary>
    public required long Checkpoint { get; init; }

    /// <summary>Steps that are made already: of the run that is gone on with.</summary>
    public required long Done { get; init; }

    /// <summary>Tokens of a step.</summary>
    public required long Tokens { get; init; }

    /// <summary>Seconds of a step.</summary>
    public required double Step { get; init; }

    /// <summary>Seconds of a measurement on the held-out text, with its samples.</summary>
    public required double Evaluation { get; init; }

    /// <summary>Seconds of writing a checkpoint.</summary>
    public required double Saving { get; init; }

    /// <summary>Whether there is a held-out text, so that the best checkpoint so far is written besides.</summary>
    public required bool HoldsOut { get; init; }

    /// <summary>
    /// Makes some steps, each kind of work twice: the first time warms up caches, arenas and compiled code, the second is timed. The
    /// run's folder holds a checkpoint and some lines afterwards; it is one to throw away.
    /// </summary>
    /// <param name="run">The training, as it would begin.</param>
    /// <param name="tell">Samples, where the training is to.</param>
    /// <param name="clock">Times it.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TrainingCost Of(TrainingRun run, RunEvents tell, TimeProvider clock, CancellationToken cancel)
    {
        var done = run.Steps;
        run.Prepare(tell, cancel);
        Steps(warmUp, least: 1);
        run.Evaluate(tell, cancel);
        run.Save(tell);
        var (step, tokens) = Steps(measured, least: 2);
        return new()
        {
            Parameters = run.Model.Parameters, Weights = run.Bytes.Weights, Frozen = run.Frozen, Moments = run.Bytes.Moments,
            Evaluation = Timed(() => run.Evaluate(tell, cancel)), Saving = Timed(() => run.Save(tell)),
            Activations = run.Bytes.Activations, Checkpoint = ModelStore.BytesAt(run.Folder.Newest!), Done = done, Tokens = tokens,
            Step = step, HoldsOut = run.Held is not null,
        };

        (double Seconds, long Tokens) Steps(TimeSpan time, int least)
        {
            var (start, count, tokens) = (clock.GetTimestamp(), 0, 0L);
            for (; count < least || clock.GetElapsedTime(start) < time; count++)
            {
                cancel.ThrowIfCancellationRequested();
                tokens += run.Step(tell).Tokens;
            }
            return (clock.GetElapsedTime(start).TotalSeconds / count, tokens / count);
        }

        double Timed(Action work)
        {
            var start = clock.GetTimestamp();
            work();
            cancel.ThrowIfCancellationRequested();
            return clock.GetElapsedTime(start).TotalSeconds;
        }
    }
}
