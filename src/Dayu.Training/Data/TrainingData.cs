using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>All that a training reads, and the order in which it does.</summary>
public sealed class TrainingData
{
    /// <summary>Of what is not read, so many are named in the record.</summary>
    const int Named = 1000;

    readonly DataRecipe recipe;
    readonly bool isRecurrent;

    /// <summary>Tokenises the sources.</summary>
    /// <param name="recipe">Which, and how.</param>
    /// <param name="sources">As they were opened.</param>
    /// <param name="by">How texts become ids.</param>
    /// <param name="model">Who learns.</param>
    /// <exception cref="RecipeException">A source has nothing to learn from, or too little.</exception>
    public TrainingData(Recipe recipe, TrainingSources sources, TextCoding by, IModel model)
        : this(recipe, sources, by, model is ICausalLm lm ? lm.Vocabulary : by.Tokenizer.VocabularySize, model.IsRecurrent) { }

    /// <summary>The same for a model that is not in memory.</summary>
    /// <param name="recipe">Which, and how.</param>
    /// <param name="sources">As they were opened.</param>
    /// <param name="by">How texts become ids.</param>
    /// <param name="vocabulary">Tokens that the model has a row for.</param>
    /// <param name="isRecurrent">Whether it carries a state from token to token.</param>
    /// <exception cref="RecipeException">A source has nothing to learn from, or too little.</exception>
    public TrainingData(Recipe recipe, TrainingSources sources, TextCoding by, int vocabulary, bool isRecurrent)
    {
        (this.recipe, this.isRecurrent) = (recipe.Data, isRecurrent);
        if (recipe.TokenizerName == Recipe.Characters && sources.Contents.OfType<SourceIds>().FirstOrDefault() is { } ids)
            throw new RecipeException($"data.tokenizer: {ids.Recipe.Path} holds token ids, and of which tokenizer nothing says; name that, "
                + "or begin with a model that has it (start)");
        Sources = sources.Tokenised(by, recipe.Data.Validation, vocabulary, isRecurrent ? null : recipe.Data.Window);
        if (Sources.All(s => s.Training.Count == 0))
            throw new RecipeException("data.sources: there is no document that can be learnt from"
                + string.Concat(Sources.SelectMany(s => s.Skipped).Take(1).Select(d => $"; {d.Place}: {d.Reason}")),
                Sources.Any(s => s.Validation.Count > 0) ? RecipeFault.Texts : RecipeFault.Documents);
        var seed = CounterRng.Mix(recipe.Seed, 0x64617461);
        var learnt = Sources.Index().Where(s => s.Item.Training.Count > 0).ToArray();
        Later = [.. MixtureRecipe.Later(recipe.Data, recipe.Schedule.Steps)
            .Select(l => (l.Step, (IReadOnlyList<double>)[.. learnt.Select(s => l.Weights[s.Index])]))];
        var parts = learnt.Select(s => Mixed(s.Item, s.Index == 0 ? seed : CounterRng.Mix(seed, (ulong)s.Index))).ToArray();
        if (parts.Sum(p => p.Weight) == 0 || Later.Any(l => l.Weights.Sum() == 0))
            throw new RecipeException("data.sources: those that have a weight above 0 have nothing to learn from; "
                + $"only {string.Join(", ", parts.Select(p => p.Name))} can be read");
        Batches = new(parts, recipe.Data.Batch, isRecurrent ? recipe.Data.Batch : 0,
            [.. Later.Select(l => new MixtureStretch(l.Step * recipe.Data.Accumulate, l.Weights))]);
    }

    /// <summary>What is read.</summary>
    public IReadOnlyList<DataSource> Sources { get; }

    /// <summary>What is learnt from, each source with its share.</summary>
    public Mixture Batches { get; }

    /// <summary>Steps after which weights change, and the weights in the order of the mixture's sources.</summary>
    public IReadOnlyList<(long Step, IReadOnlyList<double> Weights)> Later { get; }

    /// <summary>The weights that hold anew with a step, by name; null: they are those of the step before.</summary>
    /// <param name="step">Its number, from 1.</param>
    public IReadOnlyDictionary<string, double>? Changed(long step) =>
        Later.FirstOrDefault(l => l.Step == step - 1).Weights is { } weights
            ? Batches.Sources.Select((s, i) => (s.Name, Weight: weights[i])).ToDictionary(s => s.Name, s => s.Weight) : null;

    /// <summary>Whether pairs of answers are learnt.</summary>
    public bool IsPreference => Sources.Any(s => s.IsPairs);

    /// <summary>Steps in which all of it is read so often.</summary>
    public long StepsOf(double epochs) =>
        Math.Max(1, (long)Math.Ceiling(epochs * Batches.Sources.Sum(s => s.Epoch) / ((double)recipe.Batch * recipe.Accumulate)));

    /// <summary>Tokens that are learnt from, and those held out.</summary>
    public (long Training, long Validation) Tokens =>
        (Sources.Sum(s => s.Training.Tokens), Sources.Sum(s => s.Validation.Tokens));

    /// <summary>How often each source has been read after so many steps.</summary>
    public IReadOnlyDictionary<string, double> Epochs(long steps) => Batches.Epochs(steps * recipe.Accumulate);

    /// <summary>What is held out of a source, each target once.</summary>
    /// <param name="source">Of which.</param>
    /// <param name="tokens">Tokens at most; null: all.</param>
    public IEnumerable<Batch> Held(DataSource source, int? tokens = null) =>
        source.Validation.Count == 0 ? []
        : source.IsPairs ? HeldPairs((MemoryDocuments)source.Validation, tokens)
        : source.IsPacked ? HeldDocuments((MemoryDocuments)source.Validation, tokens) : HeldText(source.Validation, tokens);

    /// <summary>Windows that follow one another; of a model with a state a batch is one, which goes on where the last one ended.</summary>
    IEnumerable<Batch> HeldText(Documents held, int? tokens)
    {
        var (count, whole) = (Math.Min(held.Tokens, tokens ?? long.MaxValue), recipe.Window * recipe.Batch);
        for (var at = 0L; at < count; at += whole)
        {
            var (batch, end) = (new BatchBuilder(isRecurrent ? 1 : 0), Math.Min(count, at + whole));
            var step = isRecurrent ? whole : recipe.Window;
            for (var w = at; w < end; w += step) batch.Add(held, w, (int)Math.Min(step, end - w), isRecurrent ? 0 : -1);
            yield return batch.Made();
        }
    }

    IEnumerable<Batch> HeldDocuments(MemoryDocuments held, int? tokens)
    {
        var (packed, read) = (new PackedDocuments(held, recipe.Window, seed: null), 0L);
        for (var w = 0; w < packed.Count && read < (tokens ?? long.MaxValue);)
        {
            var batch = new BatchBuilder();
            for (var i = 0; i < recipe.Batch && w < packed.Count && read + batch.Tokens < (tokens ?? long.MaxValue); i++)
                batch.Add(packed.At(w++), state: 0);
            read += batch.Tokens;
            yield return batch.Made();
        }
    }

    IEnumerable<Batch> HeldPairs(MemoryDocuments held, int? tokens)
    {
        var (pairs, read) = (new PreferencePairs(held, seed: null), 0L);
        for (var p = 0; p < pairs.Count && read < (tokens ?? long.MaxValue);)
        {
            var batch = new BatchBuilder();
            for (var i = 0; i < recipe.Batch && p < pairs.Count; i++) batch.Add(pairs.At(p++), state: 0);
            read += batch.Tokens;
            yield return batch.Made();
        }
    }

    MixtureSource Mixed(DataSource source, ulong seed)
    {
        var (texts, tokens) = (source.Training, source.Training.Tokens);
        try
        {
            if (source.IsPairs)
                return new(source.Name, new PreferencePairs((MemoryDocuments)texts, seed), texts.Count / 2.0, tokens,
                    source.Recipe.Weight ?? tokens);
            var packed = source.IsPacked ? new PackedDocuments((MemoryDocuments)texts, recipe.Window, seed) : null;
            IBatchSource windows = packed is not null ? packed : isRecurrent ? new DocumentStreams(texts, recipe.Window, recipe.Batch)
                : new RandomWindows(texts, recipe.Window, 1, seed);
            return new(source.Name, windows, packed?.Count ?? (double)tokens / recipe.Window, tokens, source.Recipe.Weight ?? tokens);
        }
        catch (ArgumentException e) { throw new RecipeException($"data.window: {source.Recipe.Path}: {e.Message}", RecipeFault.Texts, e); }
    }

    /// <summary>What was read, for the run's record: tokens, shares, and what was left out, with the reason.</summary>
    public JsonObject Record()
    {
        var weights = Batches.Sources.Sum(s => s.Weight);
        var record = new JsonObject
        {
            ["version"] = 1,
            ["sources"] = new JsonArray([.. Sources.Select(s => (JsonNode)new JsonObject
            {
                ["name"] = s.Name, ["path"] = s.Recipe.Path, ["documents"] = s.Training.Count + s.Validation.Count,
                ["tokens"] = s.Training.Tokens, ["validation_tokens"] = s.Validation.Tokens,
                ["share"] = Batches.Sources.FirstOrDefault(m => m.Name == s.Name)?.Weight / weights ?? 0,
                ["skipped"] = s.Skipped.Count,
                ["skipped_documents"] = new JsonArray([.. s.Skipped.Take(Named).Select(d =>
                    (JsonNode)new JsonObject { ["place"] = d.Place, ["reason"] = d.Reason })]),
            })]),
        };
        if (Later.Count > 0)
            record["mixture"] = new JsonArray([.. Later.Select(l => (JsonNode)new JsonObject
            {
                ["step"] = l.Step, ["weights"] = Evaluation.Object(Changed(l.Step + 1)!),
            })]);
        return record;
    }
}
