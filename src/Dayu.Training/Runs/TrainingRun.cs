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
    readonly TrainingData data;
    readonly JsonObject fingerprint;
    readonly LoadedModel model;
    readonly Parameters parameters;
    readonly Optimizer optimizer;
    readonly Trainer trainer;
    readonly Pretrained pretrained;
    readonly TimeProvider clock;
    readonly Guards guards = new();
    readonly FileStream held;
    BestCheckpoint best = new(BestCheckpoint.Default, higherIsBetter: false);
    long saved;

    /// <summary>Makes a run or goes on with it.</summary>
    /// <param name="folder">Where; it has the recipe and the tokenizer already.</param>
    /// <param name="recipe">What is done.</param>
    /// <param name="sources">What is learnt, as it was opened; whoever opened them closes them, after the run.</param>
    /// <param name="on">Where it is computed.</param>
    /// <param name="clock">For times a step takes.</param>
    /// <param name="fork">A checkpoint of another run, whose weights, moments and position a new run begins with; null: none.</param>
    /// <exception cref="RunException">It cannot be gone on with.</exception>
    /// <exception cref="RecipeException">There is nothing to learn from, or too little.</exception>
    public TrainingRun(
        RunFolder folder, Recipe recipe, TrainingSources sources, Backend on, TimeProvider clock, string? fork = null)
    {
        (Folder, this.recipe, this.clock, held) = (folder, recipe, clock, folder.Hold());
        try
        {
            var coding = TextCoding.Of(folder);
            var tokenizer = coding.Tokenizer;
            fork ??= folder.Newest is null ? folder.ForkedFrom : null;
            if (recipe.Start != Recipe.Random && recipe.Model is not null)
                throw new RecipeException($"a model is said, and start is {recipe.Start}: "
                    + "what is trained further keeps its shape; leave model out");
            var from = folder.Newest ?? fork ?? (recipe.Start == Recipe.Random ? null : recipe.Start);
            model = from is not null ? LoadedModel.Open(from, on, train: true)
                : LoadedModel.Create(ModelSize.Config(recipe.Model, tokenizer.VocabularySize, recipe.Data.Window), on, recipe.Seed);
            if (recipe.Data.Window > model.Net.Context)
                throw new RecipeException($"data.window is {recipe.Data.Window}; this model takes at most {model.Net.Context} tokens");
            data = new(recipe, sources, coding, model.Net);
            fingerprint = Fingerprint.Of(recipe, data, coding.Hash);
            if (fork is not null && folder.Newest is null) ForkedCheckpoint.Copy(fork, folder, fingerprint, recipe);
            parameters = new(model);
            optimizer = Optimizers.Make(recipe.Optimizer, parameters, model);
            trainer = new(model, optimizer, Schedule, data.Batches, new(recipe.Data.Accumulate, recipe.Optimizer.Clip,
                recipe.Optimizer.Smoothing, true, recipe.Checkpointing, recipe.Seed, tokenizer.VocabularySize));
            if (folder.Newest is { } newest) CheckpointFolder.Restore(newest, model, optimizer, trainer.States, fingerprint);
            pretrained = Pretrained.Of(model, tokenizer);
            saved = Steps;
            foreach (var prompt in recipe.Eval.Prompts)
                if (tokenizer.Encode(prompt, addSpecial: false).Count is var n && (n == 0 || n >= model.Net.Context))
                    throw new RecipeException($"eval.prompts: '{prompt}' is {n} tokens; the model takes 1 to {model.Net.Context - 1}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where it lies.</summary>
    public RunFolder Folder { get; }

    /// <summary>What is trained.</summary>
    public LoadedModel Model => model;

    /// <summary>Steps done.</summary>
    public long Steps => optimizer.Steps;

    /// <summary>The last loss of the held-out text, in nats; null: none was measured.</summary>
    public double? Held { get; private set; }

    /// <summary>What is learnt.</summary>
    public TrainingData Data => data;

    /// <summary>The model with its tokenizer.</summary>
    public Pretrained Pretrained => pretrained;

    /// <summary>
    /// Bytes of the weights that are trained, of the optimizer's moments and averages, of the activations of a pass so far.
    /// </summary>
    public (long Weights, long Moments, long Activations) Bytes => (parameters.Values.Bytes,
        optimizer.Moments.Values.Sum(m => m.Bytes) + (optimizer.Average?.Values.Bytes ?? 0), trainer.Bytes);

    Schedule Schedule => new(recipe.Schedule.Kind, recipe.Schedule.Rate, recipe.Schedule.Steps,
        recipe.Schedule.Warmup ?? Math.Min(100, recipe.Schedule.Steps / 10), recipe.Schedule.Least, recipe.Schedule.Decay);

    /// <summary>Step after step, to the end or until it is cancelled; a checkpoint is written either way.</summary>
    /// <param name="tell">Told how it goes.</param>
    /// <param name="cancel">Ends it after the step that is being made.</param>
    public void Run(RunEvents tell, CancellationToken cancel)
    {
        best = Best(tell.Measures);
        WholeFile.Write(Folder.DataPath, Encoding.UTF8.GetBytes(data.Record().ToJsonString() + "\n"));
        RunFolder.Rewind(Folder.MetricsPath, Steps);
        RunFolder.Rewind(Folder.SamplesPath, Steps);
        foreach (var line in RunFolder.Read(Folder.MetricsPath))
            Measured(line);
        try { Train(tell, cancel); }
        catch when (Steps > saved)                                    // whatever it was: the steps since then are not lost
        {
            Save(tell);
            throw;
        }
    }

    void Train(RunEvents tell, CancellationToken cancel)
    {
        while (Steps < recipe.Schedule.Steps && !cancel.IsCancellationRequested)
        {
            Step(tell);
            var isLast = Steps == recipe.Schedule.Steps;
            if (isLast || Steps % recipe.Eval.Every == 0) Evaluate(tell, cancel);
            if (isLast || best.Step == Steps || Steps % recipe.Save.Every == 0) Save(tell);
        }
        if (Steps > saved) Save(tell);
    }

    /// <summary>A step, written down and told.</summary>
    internal StepReport Step(RunEvents tell)
    {
        var start = clock.GetTimestamp();
        var report = trainer.Step();
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        var line = Line(report, seconds);
        if (data.Changed(report.Step) is { } weights)
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
            using var averaged = optimizer.Average?.Applied();
            var found = new Evaluator(trainer, data, recipe.Eval).Measure(pretrained, tell.Measures, cancel);
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
        Held = (double?)line["validation_loss"] ?? Held;
        best.Look(line);
    }

    /// <summary>Checks that the best checkpoint can be told by what is measured.</summary>
    /// <exception cref="RecipeException">It cannot.</exception>
    public void Check(IReadOnlyList<Measure> measures) => Best(measures);

    BestCheckpoint Best(IReadOnlyList<Measure> measures)
    {
        var (by, known) = (recipe.Save.BestBy, BestCheckpoint.Known(data, measures));
        return known.Contains(by) ? new(by, measures.Any(m => m.Name == by && m.HigherIsBetter))
            : throw new RecipeException($"save.best_by is '{by}', this run measures {string.Join(", ", known)}");
    }

    void Sample(RunEvents tell, CancellationToken cancel)
    {
        foreach (var prompt in tell.Sample is null ? [] : recipe.Eval.Prompts)
        {
            cancel.ThrowIfCancellationRequested();
            var answer = tell.Sample!(pretrained, prompt, recipe.Eval.SampleTokens);
            RunFolder.Append(Folder.SamplesPath, new() { ["step"] = Steps, ["prompt"] = prompt, ["answer"] = answer });
            tell.Sampled?.Invoke(Steps, prompt, answer);
        }
    }

    internal void Save(RunEvents tell)
    {
        saved = Steps;
        var path = Folder.Checkpoint(Steps);
        CheckpointFolder.Save(path, model, optimizer, trainer.States, fingerprint, Folder.TokenizerPath);
        Folder.Prune(recipe.Save.Keep, best.Step is { } step ? [step] : []);
        tell.Saved?.Invoke(path);
        Doubt(tell, guards.Saved(new DriveInfo(path).AvailableFreeSpace, ModelStore.BytesAt(path)));
    }

    void Doubt(RunEvents tell, TrainingDoubt[] doubts)
    {
        foreach (var doubt in doubts) tell.Doubted?.Invoke(Steps, doubt);
    }

    static JsonObject Line(StepReport r, double seconds) => new()
    {
        ["step"] = r.Step, ["loss"] = r.Loss, ["gradient_norm"] = r.GradientNorm, ["rate"] = r.Rate, ["tokens"] = r.Tokens,
        ["tokens_per_s"] = Math.Round(r.Tokens / Math.Max(seconds, 1e-9), 1),
    };

    /// <summary>Frees model and memory.</summary>
    public void Dispose()
    {
        trainer?.Dispose();
        optimizer?.Dispose();
        parameters?.Dispose();
        model?.Dispose();
        held.Dispose();
    }
}
