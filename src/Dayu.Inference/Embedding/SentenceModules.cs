using Dayu.Models;

namespace Dayu.Inference;

/// <summary>
/// What stands behind the network in an embedding model, as <c>modules.json</c> of sentence-transformers lists it:
/// pooling, dense layers, normalizing. Without that file: the mean, of length 1.
/// </summary>
sealed class SentenceModules
{
    readonly List<IVectorStep> steps = [];
    readonly Pooling pooling;
    readonly string prompt;
    readonly bool lower;

    SentenceModules(Pooling pooling, int limit, string prompt, bool lower) =>
        (this.pooling, Limit, this.prompt, this.lower, Width) = (pooling, limit, prompt, lower, pooling.Width);

    /// <summary>The longest text, in tokens.</summary>
    public int Limit { get; }

    /// <summary>Values of an embedding.</summary>
    public int Width { get; private set; }

    /// <summary>The steps that a folder names, or what its kind of model does without any.</summary>
    /// <param name="checkpoint">The model's files; null: there are none.</param>
    /// <param name="net">The network.</param>
    /// <param name="asked">How states are to become one vector, whatever the files say; null: as they say.</param>
    /// <exception cref="NotSupportedException">A module that is not known.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static SentenceModules Of(Checkpoint? checkpoint, IModel net, PoolingMode? asked = null)
    {
        var folder = checkpoint?.Folder;
        if (folder is null || !File.Exists(Path.Combine(folder, "modules.json"))) return Default(checkpoint, net, asked);
        var sentence = Optional(folder, "sentence_bert_config.json");
        var settings = Optional(folder, "config_sentence_transformers.json");
        var prompt = settings.Text("default_prompt_name") is { } name ? settings.Object("prompts")?.Text(name) ?? "" : "";
        var (limit, lower) = (LimitOf(sentence.Number("max_seq_length"), folder, net), sentence.Flag("do_lower_case") ?? false);
        SentenceModules? made = null;
        foreach (var (type, place) in Listed(folder))
            switch (type)
            {
                case "Transformer":
                    if (place != folder)
                        throw new NotSupportedException($"modules.json: the network lies in '{place}'; only the folder itself is known");
                    break;
                case "Pooling":
                    var pooling = asked is { } mode
                        ? new Pooling([mode], net.Width) : Pooling.Read(Path.Combine(place, "config.json"), net.Width);
                    made = new(pooling, limit, prompt, lower);
                    break;
                case "Normalize" or "Dense" when made is null:
                    throw new NotSupportedException($"modules.json: {type} before Pooling is not known");
                case "Normalize":
                    made.steps.Add(new UnitLength());
                    break;
                case "Dense":
                    var dense = Dense.Read(place, made.Width);
                    made.steps.Add(dense);
                    made.Width = dense.Width;
                    break;
                default:
                    throw new NotSupportedException(
                        $"modules.json: the module '{type}' is not known; known: Transformer, Pooling, Dense, Normalize");
            }
        return made ?? throw new InvalidDataException($"{folder}/modules.json has no Pooling: a text's states do not become one vector");
    }

    static SentenceModules Default(Checkpoint? checkpoint, IModel net, PoolingMode? asked)
    {
        var pooling = asked is null && checkpoint?.Metadata is { } m && PoolingTypeOf(m) is { } type
            ? Pooling.OfGguf(type, net.Width) : new Pooling([asked ?? PoolingMode.Mean], net.Width);
        return new(pooling, LimitOf(null, checkpoint?.Folder, net), "", false) { steps = { new UnitLength() } };
    }

    static int? PoolingTypeOf(GgufMetadata m)
    {
        var key = $"{m.Text("general.architecture")}.pooling_type";
        return m.Has(key) ? m.Int(key) : null;
    }

    /// <summary>The module's limit counts before the tokenizer's, and none is longer than the network.</summary>
    static int LimitOf(double? said, string? folder, IModel net)
    {
        var limit = said ?? (folder is null ? null : Optional(folder, "tokenizer_config.json").Number("model_max_length"));
        return limit is { } n && n >= 2 && n < net.Context ? (int)n : net.Context;
    }

    static IEnumerable<(string Type, string Place)> Listed(string folder)
    {
        var path = Path.Combine(folder, "modules.json");
        foreach (var module in JsonFields.ReadAll(path))
        {
            var (type, place) = (module.RequiredText("type"), module.RequiredText("path"));
            if (Path.IsPathRooted(place) || place.Split('/', '\\').Contains(".."))
                throw new InvalidDataException($"{path}: the path '{place}' leads out of the folder");
            yield return (type[(type.LastIndexOf('.') + 1)..], place.Length == 0 ? folder : Path.Combine(folder, place));
        }
    }

    static JsonFields Optional(string folder, string name) => JsonFields.ReadOptional(Path.Combine(folder, name));

    /// <summary>A text as the model wants it: with its prompt, in lower case.</summary>
    public string Prepare(string text) => lower ? (prompt + text).ToLowerInvariant() : prompt + text;

    /// <summary>A text's states [T, C] as one vector.</summary>
    public float[] Vector(ReadOnlySpan<float> hidden)
    {
        var v = pooling.Pool(hidden);
        foreach (var step in steps) v = step.Apply(v);
        return v;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", [pooling.ToString(), .. steps.Select(s => s.ToString())]);
}
