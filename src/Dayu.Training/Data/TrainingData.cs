using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>All that a training reads, and the order in which it does.</summary>
public sealed class TrainingData
{
    /// <summary>Of what is not read, so many are named in the record.</summary>
    const int Named = 1000;

    readonly DataRecipe recipe;
    readonly bool isRecurrent;

    /// <summary>Reads and tokenises the sources.</summary>
    /// <param name="recipe">Which, and how.</param>
    /// <param name="texts">What their files hold.</param>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="template">How a conversation is written; null: only texts are read.</param>
    /// <param name="model">Who learns.</param>
    /// <exception cref="RecipeException">A source has nothing to learn from, or too little.</exception>
    public TrainingData(Recipe recipe, IEnumerable<string> texts, Tokenizer tokenizer, ChatTemplate? template, IModel model)
        : this(recipe, texts, tokenizer, template, model is ICausalLm lm ? lm.Vocabulary : tokenizer.VocabularySize, model.IsRecurrent) { }

    /// <summary>The same for a model that is not in memory.</summary>
    /// <param name="recipe">Which, and how.</param>
    /// <param name="texts">What their files hold.</param>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="template">How a conversation is written; null: only texts are read.</param>
    /// <param name="vocabulary">Tokens that the model has a row for.</param>
    /// <param name="isRecurrent">Whether it carries a state from token to token.</param>
    /// <exception cref="RecipeException">A source has nothing to learn from, or too little.</exception>
    public TrainingData(
        Recipe recipe, IEnumerable<string> texts, Tokenizer tokenizer, ChatTemplate? template, int vocabulary, bool isRecurrent)
    {
        (this.recipe, this.isRecurrent) = (recipe.Data, isRecurrent);
        var chat = template is null ? null : new ChatEncoder(tokenizer, template);
        Sources = [.. recipe.Data.Sources.Zip(texts, (source, text) => DataSource.Of(SourceText.Of(source, recipe.Data.Kind, text),
            tokenizer, chat, recipe.Data.Validation, vocabulary, isRecurrent ? null : recipe.Data.Window))];
        if (Sources.All(s => s.Training.Count == 0))
            throw new RecipeException("data.sources: there is no document that can be learnt from"
                + string.Concat(Sources.SelectMany(s => s.Skipped).Take(1).Select(d => $"; {d.Place}: {d.Reason}")), RecipeFault.Texts);
        var seed = CounterRng.Mix(recipe.Seed, 0x64617461);
        var learnt = Sources.Index().Where(s => s.Item.Training.Count > 0);
        Batches = new([.. learnt.Select(s => Mixed(s.Item, s.Index == 0 ? seed : CounterRng.Mix(seed, (ulong)s.Index)))],
            recipe.Data.Batch, isRecurrent ? recipe.Data.Batch : 0);
    }

    /// <summary>What is read.</summary>
    public IReadOnlyList<DataSource> Sources { get; }

    /// <summary>What is learnt from, each source with its share.</summary>
    public Mixture Batches { get; }

    /// <summary>Whether pairs of answers are learnt.</summary>
    public bool IsPreference => Sources.Any(s => s.IsPairs);

    /// <summary>Steps in which all of it is read so often.</summary>
    public long StepsOf(double epochs) =>
        Math.Max(1, (long)Math.Ceiling(epochs * Batches.Sources.Sum(s => s.Epoch) / ((double)recipe.Batch * recipe.Accumulate)));

    /// <summary>Tokens that are learnt from, and those held out.</summary>
    public (long Training, long Validation) Tokens =>
        (Sources.Sum(s => (long)s.Training.Tokens), Sources.Sum(s => (long)s.Validation.Tokens));

    /// <summary>How often each source has been read after so many steps.</summary>
    public IReadOnlyDictionary<string, double> Epochs(long steps) => Batches.Epochs(steps * recipe.Accumulate);

    /// <summary>What is held out of a source, each target once.</summary>
    /// <param name="source">Of which.</param>
    /// <param name="tokens">Tokens at most; null: all.</param>
    public IEnumerable<Batch> Held(DataSource source, int? tokens = null) =>
        source.Validation.Count == 0 ? []
        : source.IsPairs ? HeldPairs(source.Validation, tokens)
        : source.IsPacked ? HeldDocuments(source.Validation, tokens) : HeldText(source.Validation, tokens);

    /// <summary>Windows that follow one another; of a model with a state a batch is one, which goes on where the last one ended.</summary>
    IEnumerable<Batch> HeldText(Documents held, int? tokens)
    {
        var (count, whole) = (Math.Min(held.Tokens, tokens ?? int.MaxValue), recipe.Window * recipe.Batch);
        for (var at = 0; at < count; at += whole)
        {
            var (batch, end) = (new BatchBuilder(isRecurrent ? 1 : 0), Math.Min(count, at + whole));
            var step = isRecurrent ? whole : recipe.Window;
            for (var w = at; w < end; w += step) batch.Add(held, w, Math.Min(step, end - w), isRecurrent ? 0 : -1);
            yield return batch.Made();
        }
    }

    IEnumerable<Batch> HeldDocuments(Documents held, int? tokens)
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

    IEnumerable<Batch> HeldPairs(Documents held, int? tokens)
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
                return new(source.Name, new PreferencePairs(texts, seed), texts.Count / 2, tokens, source.Recipe.Weight ?? tokens);
            var packed = source.IsPacked ? new PackedDocuments(texts, recipe.Window, seed) : null;
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
        return new()
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
    }
}
