using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// What a run consists of in memory: model, texts, optimizer. As its newest checkpoint has them; else as the checkpoint that it is a
/// fork of; else as its recipe asks for them.
/// </summary>
sealed class OpenedRun : IDisposable
{
    readonly RunFolder folder;
    readonly JsonObject fingerprint;
    readonly Parameters parameters;
    readonly FileStream held;
    readonly OpenedTeacher? teacher;
    readonly bool isFresh;                                           // no step was made of what its folder says

    /// <summary>Takes the folder for this process alone, and loads.</summary>
    /// <param name="folder">It has the recipe and the tokenizer already.</param>
    /// <param name="recipe">What is done.</param>
    /// <param name="sources">What is learnt, as it was opened; whoever opened them closes them, after the run.</param>
    /// <param name="on">Where it is computed.</param>
    /// <exception cref="RunException">It cannot be gone on with.</exception>
    /// <exception cref="RecipeException">There is nothing to learn from, or too little.</exception>
    public OpenedRun(RunFolder folder, Recipe recipe, TrainingSources sources, Backend on)
    {
        (this.folder, held) = (folder, folder.Hold());
        try
        {
            var coding = TextCoding.Of(folder);
            var tokenizer = coding.Tokenizer;
            var fork = folder.Newest is null ? folder.ForkedFrom : null;
            Model = Loaded(recipe, folder.Newest ?? fork, tokenizer.VocabularySize, on);
            Data = new(recipe, sources, coding, Model.Net);
            teacher = recipe.Teacher is { } named ? new(named, Model, tokenizer, recipe.Data.Window) : null;
            fingerprint = Fingerprint.Of(recipe, Data, coding.Hash, Model, teacher?.Checkpoint);
            if (fork is not null) ForkedCheckpoint.Copy(fork, folder, fingerprint, recipe);
            parameters = new(Model);
            Optimizer = Optimizers.Make(recipe.Optimizer, parameters, Model);
            Trainer = new(Model, Optimizer, ScheduleOf(recipe.Schedule), Data.Batches, new(recipe.Data.Accumulate, recipe.Optimizer.Clip,
                recipe.Optimizer.Smoothing, true, recipe.Checkpointing, recipe.Seed, tokenizer.VocabularySize,
                teacher?.Teacher, recipe.IsPreference ? (recipe.Preference ?? new()).Made() : null));
            isFresh = folder.Newest is null || Path.GetFileName(folder.Newest) == Path.GetFileName(folder.ForkedFrom);
            if (folder.Newest is { } newest) CheckpointFolder.Restore(newest, Model, Optimizer, Trainer.States, fingerprint);
            Pretrained = Pretrained.Of(Model, tokenizer);
            foreach (var prompt in recipe.Eval.Prompts)
                if (tokenizer.Encode(prompt, addSpecial: false).Count is var n && (n == 0 || n >= Model.Net.Context))
                    throw new RecipeException($"eval.prompts: '{prompt}' is {n} tokens; the model takes 1 to {Model.Net.Context - 1}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is trained.</summary>
    public LoadedModel Model { get; }

    /// <summary>The same with its tokenizer.</summary>
    public Pretrained Pretrained { get; }

    /// <summary>What is learnt.</summary>
    public TrainingData Data { get; }

    /// <summary>Changes its weights.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Makes the steps.</summary>
    public Trainer Trainer { get; }

    /// <summary>Bytes of what is not trained: the weights below an adapter, a teacher's.</summary>
    public long Frozen => Model.Weights.Values.Where(w => !w.NeedsGrad).Sum(w => w.Tensor.Bytes) + (teacher?.Bytes ?? 0);

    /// <summary>
    /// What must be known before the first step: of preferences, what the model makes of all answers as it starts. A fork goes on with
    /// what its run knew where the data are the same, else it starts anew.
    /// </summary>
    /// <param name="progress">Told how many pairs are read, of how many.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="RunException">It was known, and is no more.</exception>
    public void Prepare(Action<long, long>? progress, CancellationToken cancel)
    {
        if (!Data.IsPreference) return;
        var (file, of) = (folder.ReferencePath, (string)fingerprint["data"]!);
        if (ReferenceScores.Read(file, Data, of)) return;
        if (!isFresh)
            throw new RunException(RunFault.Lost, $"{file}: what the model made of the answers before its first step is gone, or is of "
                + "other data; it cannot be computed any more", folder.Name);
        if (folder.ForkedFrom is { } fork && RunFolder.OfCheckpoint(fork).ReferencePath is var kept && ReferenceScores.Read(kept, Data, of))
            WholeFile.Write(file, File.ReadAllBytes(kept));
        else ReferenceScores.Compute(file, Data, of, Model, progress, cancel);
    }

    /// <summary>Writes a checkpoint.</summary>
    public void Save(string path) =>
        CheckpointFolder.Save(path, Model, Optimizer, Trainer.States, fingerprint, folder.TokenizerPath);

    /// <param name="recipe">What is done.</param>
    /// <param name="checkpoint">What is gone on from; null: the recipe says what it starts as.</param>
    /// <param name="vocabulary">Tokens that it is to know.</param>
    /// <param name="on">Where it is computed.</param>
    static LoadedModel Loaded(Recipe recipe, string? checkpoint, int vocabulary, Backend on)
    {
        var isRandom = recipe.Start == Recipe.Random;
        if (!isRandom && recipe.Model is not null)
            throw new RecipeException($"a model is said, and start is {recipe.Start}: "
                + "what is trained further keeps its shape; leave model out", RecipeFault.Model);
        var model = checkpoint is not null ? LoadedModel.Open(checkpoint, on, train: true)
            : isRandom ? LoadedModel.Create(RecipeModel.Config(recipe.Model, vocabulary, recipe.Data.Window), on, recipe.Seed)
            : Started(recipe, on);
        if (recipe.Data.Window <= model.Net.Context) return model;
        var most = model.Net.Context;
        model.Dispose();
        throw new RecipeException($"data.window is {recipe.Data.Window}; this model takes at most {most} tokens", RecipeFault.Texts);
    }

    /// <summary>The model that a recipe starts as; of one that has an adapter, its pairs are trained further.</summary>
    static LoadedModel Started(Recipe recipe, Backend on)
    {
        if (recipe.Adapter is not { } pairs || AdapterConfig.IsAlone(recipe.Start)) return LoadedModel.Open(recipe.Start, on, train: true);
        var model = LoadedModel.Open(recipe.Start, on);
        try
        {
            model.Adapt(pairs.ConfigOn(recipe.Start), recipe.Seed);
            return model;
        }
        catch (Exception e)
        {
            model.Dispose();
            if (e is not (ArgumentException or NotSupportedException)) throw;
            throw new RecipeException($"adapter: {e.Message}", RecipeFault.Adapter, e);
        }
    }

    static Schedule ScheduleOf(ScheduleRecipe r) =>
        new(r.Kind, r.Rate, r.Steps, r.Warmup ?? Math.Min(100, r.Steps / 10), r.Least, r.Decay);

    /// <summary>Frees model and memory, and lets the folder go.</summary>
    public void Dispose()
    {
        Trainer?.Dispose();
        Optimizer?.Dispose();
        parameters?.Dispose();
        Model?.Dispose();
        teacher?.Dispose();
        held.Dispose();
    }
}
