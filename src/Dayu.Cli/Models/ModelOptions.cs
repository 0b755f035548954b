using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>What commands that compute with a model are told of it.</summary>
sealed class ModelOptions
{
    public readonly Option<string?> Model = new("--model", "-m") { HelpName = "model" };
    public readonly Option<string?> Tokenizer = new("--tokenizer") { HelpName = "file" };

    readonly AdapterOption adapter = new();
    readonly Option<int?> ctx = new("--ctx") { HelpName = "n" }, threads = new("--threads") { HelpName = "n" };
    readonly Option<string?> precision = new("--precision") { HelpName = "fast|exact" };
    readonly Option<string?> cache = new("--cache") { HelpName = "f32|f16|q8_0" };

    public ModelOptions()
    {
        precision.AcceptOnlyFromAmong(Setting.Precision.Choices);
        cache.AcceptOnlyFromAmong(Setting.Cache.Choices);
    }

    public IEnumerable<Symbol> All => [Model, Tokenizer, adapter.Adapter, ctx, cache, threads, precision];

    /// <summary>For commands whose texts need no more room than they take.</summary>
    public IEnumerable<Symbol> WithoutContext => [Model, Tokenizer, adapter.Adapter, threads, precision];

    /// <summary>The file that <c>--tokenizer</c> names; null: it names none.</summary>
    public string? TokenizerFile(CommandContext call) => InputFile.Of(call, Tokenizer);

    /// <summary>Loads the model of that name (the option wins), with everything it computes with.</summary>
    public Loaded Open(CommandContext call, string? name) => OpenPlace(call, Place(call, name));

    /// <summary>Loads the model that lies there, whatever the option says.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="place">Where it lies.</param>
    /// <param name="exact">Activations stay float32; null: as options and settings say.</param>
    public Loaded OpenPlace(CommandContext call, ModelPlace place, bool? exact = null) =>
        Loaded.Open(call, place, TokenizerFile(call), Engine(call).Threads, exact ?? Engine(call).IsExact);

    /// <summary>Opens a model to look at a few of its weights, which stay in the file until they are used.</summary>
    public Loaded Map(CommandContext call, string? name) =>
        Loaded.Map(call, Place(call, name), TokenizerFile(call), Engine(call).Threads, Engine(call).IsExact);

    /// <summary>Where the model of that name lies (the option wins), and what it is adapted by.</summary>
    public ModelPlace Place(CommandContext call, string? name) =>
        adapter.On(call, call.Models.Resolve(call.Get(Model) ?? name, call.Say));

    /// <summary>Where the model of that name lies, whatever the option says.</summary>
    public ModelPlace PlaceOf(CommandContext call, string name) => adapter.On(call, call.Models.Resolve(name, call.Say));

    /// <summary>What is computed with.</summary>
    public Backend OpenBackend(CommandContext call) => Device.Open(Engine(call).Threads, Engine(call).IsExact);

    /// <summary>How it is computed with: options, then what is set. A command that needs no context asks for none.</summary>
    EngineSettings Engine(CommandContext call, bool withContext = false) => new()
    {
        Threads = call.Get(threads, Setting.Threads) ?? 0,
        Precision = call.Get(precision, Setting.Precision) ?? EngineSettings.Precisions[0],
        Context = withContext ? call.Get(ctx, Setting.Context) : null,
        Cache = withContext ? call.Get(cache, Setting.Cache) : null,
    };

    /// <summary>Tokens that are to fit: <c>--ctx</c>, what is set (DAYU_CONTEXT); null: nobody said.</summary>
    /// <exception cref="ContextTooLargeException">More than the model was made for.</exception>
    public int? Context(CommandContext call, Pretrained model) => Engine(call, withContext: true).ContextWithin(model.Context);

    /// <summary>Tokens that are to fit into a text of a model that is not open yet; null: nobody said.</summary>
    public int? ContextWanted(CommandContext call) => Engine(call, withContext: true).Context;

    /// <summary>Tokens of a window that a text is read in: what is to fit, else at most 2,048.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="models">Who read it.</param>
    public int Window(CommandContext call, params Pretrained[] models)
    {
        var window = models.Min(m => Engine(call, withContext: true).WindowWithin(m.Context));
        return window < 2 ? throw new CliError(2006, call.Say.Text("not-positive", "--ctx", window)) : window;
    }

    /// <summary>Number format of the cache: <c>--cache</c>, what is set (DAYU_CACHE); null: nobody said.</summary>
    public DType? Cache(CommandContext call) => Engine(call, withContext: true).CacheFormat;
}
