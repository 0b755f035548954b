using System.Text.Json;
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

    /// <summary>Reads what the run's files say.</summary>
    public RunSummary(RunFolder run)
    {
        (Run, Metrics) = (run, RunMetrics.Of(run));
        Recipe = Read(run.RecipePath);
        Origin = Read(run.OriginPath);
        State = run.IsHeld ? RunState.Training : Planned is { } all && Metrics.Steps >= all ? RunState.Finished : RunState.Stopped;
    }

    /// <summary>A file that is not there or cannot be read says nothing: the others do.</summary>
    static JsonObject Read(string path)
    {
        try { return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? []; }
        catch (Exception e) when (e is IOException or JsonException) { return []; }
    }

    /// <summary>Which run.</summary>
    public RunFolder Run { get; }

    /// <summary>All that was measured.</summary>
    public RunMetrics Metrics { get; }

    /// <summary>Its recipe, as it is written; a newer program may have written what this one does not know.</summary>
    public JsonObject Recipe { get; }

    /// <summary>What made it.</summary>
    public JsonObject Origin { get; }

    /// <summary>How it stands.</summary>
    public RunState State { get; }

    /// <summary>Whether tokens are parts of words, and no single characters.</summary>
    public bool HasSubwords => (Recipe["data"] as JsonObject)?["tokenizer"]?.ToString() is { } tokenizer
        ? tokenizer != Training.Recipe.Characters
        : Recipe["start"]?.ToString() is not (null or Training.Recipe.Random);

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
