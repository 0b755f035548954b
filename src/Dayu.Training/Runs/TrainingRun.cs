using System.Text.Json.Nodes;
using System.Text;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>A training from a recipe: made, or gone on with, in a folder.</summary>
public sealed class TrainingRun : IDisposable
{
    readonly Recipe recipe;
    readonly OpenedRun opened;
    readonly TimeProvider clock;
    readonly Guards guards = new();
    BestCheckpoint? best;
    IReadOnlyList<Measure> measures = [];
    long saved;

    /// <summary>Makes a run or goes on with it.</summary>
    /// <param name="folder">Where; it has the recipe and the tokenizer already, and says which checkpoint it is a fork of.</param>
    /// <param name="recipe">What is done.</param>
    /// <param name="sources">What is learnt, as it was opened; whoever opened them closes them, after the run.</param>
    /// <param name="on">Where it is computed.</param>
    /// <param name="clock">For times a step takes.</param>
    /// <exception cref="RunException">It cannot be gone on with.</exception>
    /// <exception cref="RecipeException">There is nothing to learn from, or too little.</exception>
    public TrainingRun(RunFolder folder, Recipe recipe, TrainingSources sources, Backend on, TimeProvider clock)
    {
        (Folder, this.recipe, this.clock) = (folder, recipe, clock);
        opened = new(folder, recipe, sources, on);
        saved = Steps;
    }

    /// <summary>Where it lies.</summary>
    public RunFolder Folder { get; }

    /// <summary>What is trained.</summary>
    public LoadedModel Model => opened.Model;

    /// <summary>Steps done.</summary>
    public long Steps => opened.Optimizer.Steps;

    /// <summary>The last loss of the held-out text, in nats; null: none was measured.</summary>
    public double? Held { get; private set; }

    /// <summary>What is learnt.</summary>
    public TrainingData Data => opened.Data;

    /// <summary>The model with its tokenizer.</summary>
    public Pretrained Pretrained => opened.Pretrained;

    /// <summary>
    /// Bytes of the weights that are trained, of the optimizer's moments and averages, of the activations of a pass so far.
    /// </summary>
    public (long Weights, long Moments, long Activations) Bytes => (opened.Optimizer.Parameters.Values.Bytes,
        opened.Optimizer.Moments.Values.Sum(m => m.Bytes) + (opened.Optimizer.Average?.Values.Bytes ?? 0), opened.Trainer.Bytes);

    /// <summary>Bytes of the weights that are not trained, in their own number formats: those below an adapter, a teacher's.</summary>
    public long Frozen => opened.Frozen;

    /// <summary>What is measured besides the loss of what is held out.</summary>
    /// <exception cref="RecipeException">Which checkpoint is the best cannot be told by what is measured.</exception>
    public IReadOnlyList<Measure> Measures
    {
        get => measures;
        set => (measures, best) = (value, Best(value));
    }

    BestCheckpoint Best(IReadOnlyList<Measure> measures)
    {
        var (by, known) = (recipe.Save.BestBy, BestCheckpoint.Known(Data, measures));
        return known.Contains(by) ? new(by, measures.Any(m => m.Name == by && m.HigherIsBetter))
            : throw new RecipeException($"save.best_by is '{by}', this run measures {string.Join(", ", known)}");
    }

    /// <summary>Step after step, to the end or until it is cancelled; a checkpoint is written either way.</summary>
    /// <param name="tell">Told how it goes.</param>
    /// <param name="cancel">Ends it after the step that is being made.</param>
    public void Run(RunEvents tell, CancellationToken cancel)
    {
        best ??= Best(measures);
        WholeFile.Write(Folder.DataPath, Encoding.UTF8.GetBytes(Data.Record().ToJsonString() + "\n"));
        RunFolder.Rewind(Folder.MetricsPath, Steps);
        RunFolder.Rewind(Folder.SamplesPath, Steps);
        foreach (var line in RunFolder.Read(Folder.MetricsPath))
            Measured(line);
        try
        {
            Prepare(tell, cancel);
            Train(tell, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested && Steps == saved)
        {
            // Ctrl-C before the first step: it is begun anew the next time
        }
        catch when (Steps > saved)                                    // whatever it was: the steps since then are not lost
        {
            Save(tell);
            throw;
        }
    }

    /// <summary>What must be known before the first step.</summary>
    internal void Prepare(RunEvents tell, CancellationToken cancel) => opened.Prepare(tell.Referred, cancel);

    void Train(RunEvents tell, CancellationToken cancel)
    {
        while (Steps < recipe.Schedule.Steps && !cancel.IsCancellationRequested)
        {
            Step(tell);
            var isLast = Steps == recipe.Schedule.Steps;
            if (isLast || Steps % recipe.Eval.Every == 0) Evaluate(tell, cancel);
            if (isLast || best!.Step == Steps || Steps % recipe.Save.Every == 0) Save(tell);
        }
        if (Steps > saved) Save(tell);
    }

    /// <summary>A step, written down and told.</summary>
    internal StepReport Step(RunEvents tell)
    {
        var start = clock.GetTimestamp();
        var report = opened.Trainer.Step();
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        var line = Line(report, seconds);
        if (Data.Changed(report.Step) is { } weights)
        {
            line["weights"] = Evaluation.Object(weights);
            tell.Mixed?.Invoke(report.Step, weights);
        }
        RunFolder.Append(Folder.MetricsPath, line);
        tell.Stepped?.Invoke(report, seconds);
        Doubt(tell, guards.Stepped(report));
        return report;
    }

    internal void Evaluate(RunEvents tell, CancellationToken cancel)
    {
        try
        {
            using var averaged = opened.Optimizer.Average?.Applied();
            var found = new Evaluator(opened.Trainer, Data, recipe.Eval).Measure(Pretrained, measures, cancel);
            RunFolder.Append(Folder.MetricsPath, found.Line);
            Measured(found.Line);
            tell.Evaluated?.Invoke(found);
            if (found.Loss is { } loss) Doubt(tell, guards.Evaluated(loss));
            Sample(tell, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: what matters now is the checkpoint
        }
    }

    void Measured(JsonObject line)
    {
        Held = (double?)line[MetricNames.Validation] ?? Held;
        best?.Look(line);
    }

    void Sample(RunEvents tell, CancellationToken cancel)
    {
        foreach (var prompt in tell.Sample is null ? [] : recipe.Eval.Prompts)
        {
            cancel.ThrowIfCancellationRequested();
            var answer = tell.Sample!(Pretrained, prompt, recipe.Eval.SampleTokens);
            RunFolder.Append(Folder.SamplesPath, new() { [MetricNames.Step] = Steps, ["prompt"] = prompt, ["answer"] = answer });
            tell.Sampled?.Invoke(Steps, prompt, answer);
        }
    }

    internal void Save(RunEvents tell)
    {
        saved = Steps;
        var path = Folder.Checkpoint(Steps);
        opened.Save(path);
        Folder.Prune(recipe.Save.Keep, best?.Step is { } step ? [step] : []);
        tell.Saved?.Invoke(path);
        Doubt(tell, guards.Saved(new DriveInfo(path).AvailableFreeSpace, ModelStore.BytesAt(path)));
    }

    void Doubt(RunEvents tell, TrainingDoubt[] doubts)
    {
        foreach (var doubt in doubts) tell.Doubted?.Invoke(Steps, doubt);
    }

    static JsonObject Line(StepReport r, double seconds)
    {
        var line = new JsonObject
        {
            [MetricNames.Step] = r.Step, [MetricNames.Loss] = r.Loss, [MetricNames.GradientNorm] = r.GradientNorm,
            [MetricNames.Rate] = r.Rate, [MetricNames.Tokens] = r.Tokens,
            [MetricNames.TokensPerSecond] = Math.Round(r.Tokens / Math.Max(seconds, 1e-9), 1),
        };
        if (r.Accuracy is { } accuracy) line[MetricNames.Accuracy] = accuracy;
        return line;
    }

    /// <summary>Frees model and memory, and lets the folder go.</summary>
    public void Dispose() => opened.Dispose();
}
