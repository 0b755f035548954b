using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>How a run stands.</summary>
public enum RunState
{
    /// <summary>A process trains it.</summary>
    Training,

    /// <summary>It was stopped before its last step.</summary>
    Stopped,

    /// <summary>All its steps are made.</summary>
    Finished,
}

/// <summary>How a run went, in a few numbers.</summary>
public sealed class RunSummary
{
    const int LastSteps = 20;

    readonly Lazy<RunMetrics> metrics;
    readonly Lazy<RunState> state;

    /// <summary>Of what the run's files say; what was measured is read when it is asked for.</summary>
    public RunSummary(RunFolder run)
    {
        (Run, Recipe, Origin, metrics) = (run, run.Recipe, run.Origin, new(() => RunMetrics.Of(run)));
        state = new(() => run.IsHeld ? RunState.Training
            : Planned is { } all && Metrics.Steps >= all ? RunState.Finished : RunState.Stopped);
    }

    /// <summary>Which run.</summary>
    public RunFolder Run { get; }

    /// <summary>All that was measured.</summary>
    public RunMetrics Metrics => metrics.Value;

    /// <summary>Its recipe.</summary>
    public JsonObject Recipe { get; }

    /// <summary>What made it.</summary>
    public JsonObject Origin { get; }

    /// <summary>How it stands.</summary>
    public RunState State => state.Value;

    /// <summary>Steps that it is to make.</summary>
    public long? Planned => Recipe["schedule"]?["steps"] is JsonValue v && v.TryGetValue<long>(out var steps) ? steps : null;

    /// <summary>Mean loss of the last steps, in nats; null: no step was made.</summary>
    public double? Loss
    {
        get
        {
            double[] last = [.. Metrics.Loss.Values.TakeLast(LastSteps).Where(double.IsFinite)];
            return last.Length == 0 ? null : last.Average();
        }
    }

    /// <summary>The last loss of the held-out text.</summary>
    public double? Held => Metrics.Validation.Last;

    /// <summary>The best loss of the held-out text, and its step.</summary>
    public (long Step, double Value)? Best => Metrics.Validation.Lowest;

    /// <summary>Tokens a second, over all steps.</summary>
    public double? TokensPerSecond => Metrics.Seconds > 0 ? Metrics.Tokens / Metrics.Seconds : null;

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? Begun => DateTimeOffset.TryParse(Origin["begun"]?.ToString(), out var begun) ? begun : null;

    /// <summary>What the guards say of its losses, in the order of the steps.</summary>
    public IReadOnlyList<(long Step, TrainingDoubt Doubt)> Doubts
    {
        get
        {
            var (guards, doubts, at) = (new Guards(), new List<(long, TrainingDoubt)>(), 0);
            var (loss, held) = (Metrics.Loss, Metrics.Validation);
            for (var i = 0; i < loss.Count; i++)
            {
                var step = loss.Steps[i];
                foreach (var doubt in guards.Stepped(new(step, loss.Values[i], 0, 0, 0))) doubts.Add((step, doubt));
                for (; at < held.Count && held.Steps[at] <= step; at++)
                    foreach (var doubt in guards.Evaluated(held.Values[at])) doubts.Add((step, doubt));
            }
            return doubts;
        }
    }
}
