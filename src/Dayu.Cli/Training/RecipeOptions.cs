using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a training is told: a recipe, and values that win over it.</summary>
sealed class RecipeOptions
{
    const int MostCounted = 1 << 18;                                 // tokens: what a larger batch takes grows evenly

    readonly Argument<string?> recipe = new("recipe") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string[]> data = new("--data") { HelpName = "file", AllowMultipleArgumentsPerToken = true };
    readonly Option<string?> size = new("--size") { HelpName = "shape" }, from = new("--from") { HelpName = "model" };
    readonly Option<string?> tokenizer = new("--tokenizer") { HelpName = "file" }, precision = new("--precision") { HelpName = "auto" };
    readonly Option<int?> depth = new("--depth") { HelpName = "n" }, window = new("--window") { HelpName = "n" };
    readonly Option<int?> batch = new("--batch", "-b") { HelpName = "n" };
    readonly Option<long?> steps = new("--steps") { HelpName = "n" };
    readonly Option<double?> rate = new("--lr") { HelpName = "x" };
    readonly Option<ulong?> seed = new("--seed") { HelpName = "n" };
    readonly Option<string[]> set = new("--set") { HelpName = "path=value", AllowMultipleArgumentsPerToken = true };

    public RecipeOptions()
    {
        size.AcceptOnlyFromAmong(ShapesAtHand.Names);
        precision.AcceptOnlyFromAmong("auto", "float32", "bfloat16");
    }

    /// <summary>What excludes other ways to say it.</summary>
    public Option Steps => steps;

    public Option From => from;

    public IEnumerable<Symbol> All => [recipe, data, size, depth, from, tokenizer, window, batch, steps, rate, precision, seed, set];

    /// <summary>Those of a training that starts as a model that there is.</summary>
    public IEnumerable<Symbol> OfStarted => All.Except([size, depth, from]);

    /// <summary>Which of them were given, by name.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="butWeights">Whether weights of sources may be set: a run that goes on may read another mixture.</param>
    public IEnumerable<string> Asked(CommandContext call, bool butWeights = false) =>
        All.Where(s => call.IsGiven(s) && !(butWeights && s == set)).Select(s => s.Name)
            .Concat(butWeights ? (call.Get(set) ?? []).Where(p => !IsOfWeights(p)).Select(p => $"{set.Name} {p}") : []);

    /// <summary>Weights of sources that are set.</summary>
    public IEnumerable<KeyValuePair<string, string>> Weights(CommandContext call) => Set(call).Where(p => IsOfWeights(p.Key + "="));

    /// <summary>Sources whose weights are set, by name or number.</summary>
    public string[] Weighed(CommandContext call) =>
        [.. Weights(call).Select(p => p.Key).Where(k => k.StartsWith(KeyOfData + ".", StringComparison.Ordinal))
            .Select(k => k[(KeyOfData.Length + 1)..^".weight".Length])];

    static bool IsOfWeights(string pair) => pair.Split('=')[0] is var key && (key == "data.mixture"
        || key.StartsWith(KeyOfData + ".", StringComparison.Ordinal) && key.EndsWith(".weight", StringComparison.Ordinal));

    /// <summary>Those that decide how a step is computed, and nothing of what is learnt.</summary>
    public IEnumerable<Symbol> OfModel => [recipe, size, depth, window, batch, precision, set];

    /// <summary>Where a recipe names its texts.</summary>
    public const string KeyOfData = "data.sources";

    /// <summary>What names the texts: the option, or the recipe's key.</summary>
    public string NameOfData(CommandContext call) => call.IsGiven(data) ? data.Name : KeyOfData;

    /// <summary>Whether the command line sets a value of the recipe by its path.</summary>
    public bool Sets(CommandContext call, string path) =>
        (call.Get(set) ?? []).Any(pair => pair.StartsWith(path + "=", StringComparison.Ordinal));

    /// <summary>Whether it sets anything below a path.</summary>
    public bool SetsWithin(CommandContext call, string path) =>
        (call.Get(set) ?? []).Any(pair => pair.StartsWith(path, StringComparison.Ordinal) && pair[path.Length..] is ['.' or '=', ..]);

    /// <summary>
    /// The recipe that is to be followed; what its file names is relative to that, what the command line names to the current folder.
    /// </summary>
    /// <param name="call">Who trains.</param>
    /// <param name="needsData">Whether there must be something to learn from.</param>
    /// <param name="more">Values that win over all others.</param>
    /// <param name="basis">The recipe's file where none is named; null: the built-in values.</param>
    /// <param name="under">Values where nothing is said; null: the built-in ones.</param>
    /// <exception cref="RecipeException">It cannot be followed.</exception>
    public Recipe Read(
        CommandContext call, bool needsData = true, IEnumerable<KeyValuePair<string, string>>? more = null, string? basis = null,
        IEnumerable<KeyValuePair<string, string>>? under = null)
    {
        var file = call.Get(recipe) is { } named ? Path.Combine(call.Terminal.Folder, named) : basis;
        if (file is not null) _ = InputFile.Read(file, "<recipe>");
        var read = RecipeFile.Read(file, Said(call).Concat(more ?? []), call.Terminal.Folder, under);
        if (needsData && read.Data.Sources.Length == 0) throw new CliError(2072);
        if (read.Start == Recipe.Random) CheckMemory(call, read);
        return read;
    }

    /// <summary>What a model takes is known before its texts are; nobody waits until memory runs out.</summary>
    static void CheckMemory(CommandContext call, Recipe read)
    {
        var model = ModelShape.Of(RecipeModel.Config(read.Model, vocabulary: 1, context: read.Data.Window));
        var copies = 2 + (read.Optimizer.Name == "adamw" ? 2 : 1) + (read.Optimizer.Ema is null ? 0 : 1);
        var parameters = (double)sizeof(float) * model.Parameters * copies;
        var batch = Math.Clamp(MostCounted / read.Data.Window, 1, read.Data.Batch);
        var activations = model.ActivationBytes(read.Data.Window, batch, dropout: true, read.Checkpointing);
        var needed = parameters + (double)activations * read.Data.Batch / batch;
        if (needed > call.Terminal.Memory)
            throw new CliError(4010, Named(read.Model, model), Units.Bytes((long)Math.Min(needed, long.MaxValue)), read.Optimizer.Name,
                Units.Bytes(call.Terminal.Memory));
    }

    static string Named(JsonObject? model, ModelShape shape) =>
        model?["shape"]?.ToString() ?? $"{shape.Family.Name} ({Units.Count(shape.Parameters)})";

    IEnumerable<KeyValuePair<string, string>> Said(CommandContext call)
    {
        if (call.Get(data) is { Length: > 0 } files)
            yield return new(KeyOfData, files.ToJson().ToJsonString());
        if (call.Get(size) is { } s) yield return new("model", new JsonObject { ["shape"] = s }.ToJsonString());
        if (call.Get(depth) is { } d) yield return new("model", new JsonObject { ["depth"] = d }.ToJsonString());
        if (call.Get(from) is { } m) yield return new("start", Quoted(call.Models.Resolve(m, call.Say)));
        if (call.Get(tokenizer) is not (null or "characters")) _ = InputFile.Of(call, tokenizer);
        if (call.Get(tokenizer) is { } t) yield return new("data.tokenizer", Quoted(t));
        if (call.Get(window) is { } w) yield return new("data.window", $"{w}");
        if (call.Get(batch) is { } b) yield return new("data.batch", $"{b}");
        if (call.Get(steps) is { } n) yield return new("schedule.steps", $"{n}");
        if (call.Get(rate) is { } r) yield return new("schedule.rate", r.ToString("R"));
        if (call.Get(precision) is { } p) yield return new("precision", Quoted(p));
        if (call.Get(seed) is { } number) yield return new("seed", $"{number}");
        foreach (var pair in Set(call)) yield return pair;
    }

    IEnumerable<KeyValuePair<string, string>> Set(CommandContext call) => (call.Get(set) ?? []).Select(pair =>
        pair.IndexOf('=') is > 0 and var at ? KeyValuePair.Create(pair[..at], pair[(at + 1)..]) : throw new CliError(2073, pair));

    static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
