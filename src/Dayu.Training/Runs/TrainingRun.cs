using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>What a run tells on its way; whatever samples from the model is handed in.</summary>
public sealed record RunEvents
{
    /// <summary>A step was made, in so many seconds.</summary>
    public Action<StepReport, double>? Stepped { get; init; }

    /// <summary>The held-out text was measured: step, mean loss in nats.</summary>
    public Action<long, double>? Evaluated { get; init; }

    /// <summary>Goes on with a prompt, at most so many tokens.</summary>
    public Func<Pretrained, string, int, string>? Sample { get; init; }

    /// <summary>The model went on with a prompt: step, prompt, answer.</summary>
    public Action<long, string, string>? Sampled { get; init; }

    /// <summary>A checkpoint was written.</summary>
    public Action<string>? Saved { get; init; }

    /// <summary>Something may be wrong: step, what.</summary>
    public Action<long, TrainingDoubt>? Doubted { get; init; }
}

/// <summary>A training from a recipe: made, or gone on with, in a folder.</summary>
public sealed class TrainingRun : IDisposable
{
    readonly Recipe recipe;
    readonly TextData data;
    readonly JsonObject fingerprint;
    readonly LoadedModel model;
    readonly Parameters parameters;
    readonly Optimizer optimizer;
    readonly Trainer trainer;
    readonly Pretrained pretrained;
    readonly TimeProvider clock;
    readonly Guards guards = new();
    readonly FileStream held;
    (long Step, double Loss) best = (-1, double.PositiveInfinity);
    long saved;

    /// <summary>Makes a run or goes on with it.</summary>
    /// <param name="folder">Where; it has the recipe and the tokenizer already.</param>
    /// <param name="recipe">What is done.</param>
    /// <param name="texts">The sources, read.</param>
    /// <param name="on">Where it is computed.</param>
    /// <param name="clock">For times a step takes.</param>
    /// <param name="fork">A checkpoint of another run, whose weights, moments and position a new run begins with; null: none.</param>
    /// <exception cref="RunException">It cannot be gone on with.</exception>
    public TrainingRun(
        RunFolder folder, Recipe recipe, IEnumerable<string> texts, Backend on, TimeProvider clock, string? fork = null)
    {
        (Folder, this.recipe, this.clock, held) = (folder, recipe, clock, folder.Hold());
        try
        {
            var tokenizer = TokenizerFiles.Open(folder.TokenizerPath);
            data = TextData.Of(texts, tokenizer, recipe.Data.Validation);
            fingerprint = Fingerprint.Of(recipe, data, folder.TokenizerPath);
            if (recipe.Start != "random" && recipe.Model is not null)
                throw new RecipeException($"a model is said, and start is {recipe.Start}: "
                    + "what is trained further keeps its shape; leave model out");
            if (fork is not null && folder.Newest is null) ForkedCheckpoint.Copy(fork, folder, fingerprint, recipe);
            var from = folder.Newest ?? (recipe.Start == "random" ? null : recipe.Start);
            model = from is not null ? LoadedModel.Open(from, on, train: true)
                : LoadedModel.Create(ModelSize.Config(recipe.Model, tokenizer.VocabularySize, recipe.Data.Window), on, recipe.Seed);
            if (recipe.Data.Window > model.Net.Context)
                throw new RecipeException($"data.window is {recipe.Data.Window}; this model takes at most {model.Net.Context} tokens");
            parameters = new(model);
            optimizer = Optimizers.Make(recipe.Optimizer, parameters, model);
            if (folder.Newest is { } newest) CheckpointFolder.Restore(newest, optimizer, fingerprint);
            trainer = new(model, optimizer, Schedule, Windows, new(recipe.Data.Accumulate, recipe.Optimizer.Clip,
                recipe.Optimizer.Smoothing, Checkpointing: recipe.Checkpointing, Seed: recipe.Seed));
            pretrained = Pretrained.Of(model, tokenizer);
            pretrained.Check(data.Training);
            pretrained.Check(data.Validation);
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

    /// <summary>Tokens that are learnt from, and those held out.</summary>
    public (int Training, int Validation) Tokens => (data.Training.Length, data.Validation.Length);

    /// <summary>Bytes of the weights that are trained, of the optimizer's moments, of the activations of a pass so far.</summary>
    public (long Weights, long Moments, long Activations) Bytes =>
        (parameters.Values.Bytes, optimizer.Moments.Values.Sum(m => m.Bytes), trainer.Bytes);

    Schedule Schedule => new(recipe.Schedule.Kind, recipe.Schedule.Rate, recipe.Schedule.Steps,
        recipe.Schedule.Warmup ?? Math.Min(100, recipe.Schedule.Steps / 10), recipe.Schedule.Least, recipe.Schedule.Decay);

    RandomWindows Windows => new(data.Training, recipe.Data.Window, recipe.Data.Batch, CounterRng.Mix(recipe.Seed, 0x64617461));

    /// <summary>Step after step, to the end or until it is cancelled; a checkpoint is written either way.</summary>
    /// <param name="tell">Told how it goes.</param>
    /// <param name="cancel">Ends it after the step that is being made.</param>
    public void Run(RunEvents tell, CancellationToken cancel)
    {
        RunFolder.Rewind(Folder.MetricsPath, Steps);
        RunFolder.Rewind(Folder.SamplesPath, Steps);
        foreach (var line in RunFolder.Read(Folder.MetricsPath))
            if ((double?)line["validation_loss"] is { } loss) Measured((long)line["step"]!, loss);
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
        RunFolder.Append(Folder.MetricsPath, Line(report, seconds));
        tell.Stepped?.Invoke(report, seconds);
        Doubt(tell, guards.Stepped(report));
        return report;
    }

    internal void Evaluate(RunEvents tell, CancellationToken cancel)
    {
        try
        {
            var held = data.Held(recipe.Data.Window, recipe.Data.Batch, recipe.Eval.Tokens);
            var loss = data.Validation.Length < 2 ? double.NaN : trainer.Evaluate(held, cancel);
            if (double.IsFinite(loss))
            {
                RunFolder.Append(Folder.MetricsPath, new() { ["step"] = Steps, ["validation_loss"] = loss });
                Measured(Steps, loss);
                tell.Evaluated?.Invoke(Steps, loss);
                Doubt(tell, guards.Evaluated(loss));
            }
            Sample(tell, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: what matters now is the checkpoint
        }
    }

    void Measured(long step, double loss)
    {
        Held = loss;
        if (loss < best.Loss) best = (step, loss);
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
        CheckpointFolder.Save(path, model, optimizer, fingerprint, Folder.TokenizerPath);
        Folder.Prune(recipe.Save.Keep, best.Step);
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
