using System.CommandLine;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>What verbs that compute with a model are told of it.</summary>
sealed class ModelOptions
{
    public readonly Option<string?> Model = new("--model", "-m") { HelpName = "model" }, Tokenizer = new("--tokenizer") { HelpName = "file" };

    readonly Option<int?> ctx = new("--ctx") { HelpName = "n" }, threads = new("--threads") { HelpName = "n" };
    readonly Option<string?> precision = new("--precision") { HelpName = "fast|exact" }, cache = new("--cache") { HelpName = "f32|f16|q8_0" };

    public ModelOptions()
    {
        precision.AcceptOnlyFromAmong("fast", "exact");
        cache.AcceptOnlyFromAmong(Setting.Cache.Choices);
    }

    public IEnumerable<Symbol> All => [Model, Tokenizer, ctx, cache, threads, precision];

    /// <summary>For verbs whose texts need no more room than they take.</summary>
    public IEnumerable<Symbol> WithoutContext => [Model, Tokenizer, threads, precision];

    /// <summary>Loads the model of that name (the option wins), with everything it computes with.</summary>
    public Loaded Open(Call call, string? name) => OpenPath(call, Path(call, name));

    /// <summary>Loads the model that lies there, whatever the option says.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="exact">Activations stay float32; null: as options and settings say.</param>
    public Loaded OpenPath(Call call, string path, bool? exact = null) => Loaded.Open(call, path, call.Get(Tokenizer), Threads(call), exact ?? IsExact(call));

    /// <summary>Where the model of that name lies (the option wins).</summary>
    public string Path(Call call, string? name) => call.Store.Resolve(call.Get(Model) ?? name, call.Say);

    /// <summary>What is computed with.</summary>
    public Backend OpenBackend(Call call) => Device.Open(Threads(call), IsExact(call));

    int Threads(Call call) => call.Get(threads, Setting.Threads) ?? 0;

    bool IsExact(Call call) => call.Get(precision, Setting.Precision) == "exact";

    /// <summary>Tokens that are to fit: <c>--ctx</c>, what is set (DAYU_CONTEXT); null: nobody said.</summary>
    /// <exception cref="Complaint">More than the model was made for.</exception>
    public int? Context(Call call, TextModel model)
    {
        var wanted = call.Get(ctx, Setting.Context);
        return wanted > model.Net.Context ? throw new Complaint(2007, wanted, model.Net.Context) : wanted;
    }

    /// <summary>Tokens of a window that a text is read in: what is to fit, else at most 2,048.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="models">Who read it.</param>
    public int Window(Call call, params TextModel[] models)
    {
        var window = models.Min(m => Context(call, m) ?? Math.Min(m.Net.Context, 2048));
        return window < 2 ? throw new Complaint(2006, call.Say.Text("not-positive", "--ctx", window)) : window;
    }

    /// <summary>Number format of the cache: <c>--cache</c>, what is set (DAYU_CACHE); null: nobody said.</summary>
    public DType? Cache(Call call) => call.Get(cache, Setting.Cache) is { } name ? DType.Named(name) : null;
}
