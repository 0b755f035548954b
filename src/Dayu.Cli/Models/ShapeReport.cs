using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>A size of a model in tables and for programs: weights, memory, work.</summary>
/// <param name="named">Where it comes from.</param>
/// <param name="shape">What it would be.</param>
sealed partial class ShapeReport(NamedShape named, ModelShape shape)
{
    readonly ModelWork work = shape.Work;
    readonly ConfigFacts facts = ConfigFacts.Of(shape.Config);

    /// <summary>Weights that stand in each layer alike are a line.</summary>
    IEnumerable<(string Name, Shape Shape, int Count)> Folded => shape.Weights
        .GroupBy(w => (Name: LayerNumber().Replace(w.Path, ".*."), w.Shape)).Select(g => (g.Key.Name, g.Key.Shape, g.Count()));

    [GeneratedRegex(@"\.\d+\.")]
    private static partial Regex LayerNumber();

    long CacheBytes(DType format) => work.KeyValueWidth % format.BlockValues == 0 ? format.BytesFor(work.KeyValueWidth) : 0;

    Operations Forward => work.Forward / work.Tokens;

    /// <summary>Six a parameter: two forward, four backward (Kaplan et al. 2020, arXiv:2001.08361).</summary>
    double SixN => 6.0 * shape.Parameters;

    /// <summary>For programs.</summary>
    public JsonObject Json => new()
    {
        ["v"] = 1,
        ["shape"] = named.Name,
        ["family"] = shape.Family.Name,
        ["source"] = named.Source,
        ["note"] = named.Note,
        ["parameters"] = shape.Parameters,
        ["table_parameters"] = work.TableParameters,
        ["context"] = facts.Context,
        ["layers"] = facts.Layers,
        ["width"] = facts.Width,
        ["heads"] = facts.Heads,
        ["kv_heads"] = facts.KvHeads,
        ["vocabulary"] = facts.Vocabulary,
        ["tensors"] = Folded.Select(AsJson).ToJson(),
        ["weights"] = ModelShape.Formats.Select(f => new JsonObject { ["format"] = f.Name, ["bytes"] = shape.BytesIn(f) }).ToJson(),
        ["cache"] = Op.CacheFormats.Where(f => shape.IsCausal && CacheBytes(f) > 0).Select(Cached).ToJson(),
        ["state_bytes"] = sizeof(float) * work.StateWidth,
        ["training_bytes"] = shape.TrainingBytes,
        ["activation_bytes"] = work.ActivationBytes,
        ["tokens"] = work.Tokens,
        ["forward"] = AsJson(Forward),
        ["training"] = work.Training is { } training ? AsJson(training / work.Tokens) : null,
        ["six_n"] = SixN,
        ["published"] = named.Tokens is null ? null : Published(named.Tokens.Value),
        ["config"] = named.Config,
    };

    static JsonObject AsJson((string Name, Shape Shape, int Count) w) => new()
    {
        ["name"] = w.Name, ["shape"] = Enumerable.Range(0, w.Shape.Rank).Select(i => (JsonNode)w.Shape[i]).ToJson(), ["count"] = w.Count,
        ["parameters"] = w.Count * w.Shape.Count,
    };

    JsonObject Cached(DType f) => new() { ["format"] = f.Name, ["bytes"] = work.Tokens * CacheBytes(f), ["bytes_token"] = CacheBytes(f) };

    static JsonObject AsJson(Operations of) => new() { ["products"] = of.Products, ["attention"] = of.Attention, ["total"] = of.Total };

    JsonObject Published(double tokens) => new()
    {
        ["tokens"] = tokens, ["operations"] = named.PublishedOperations, ["six_n_d"] = SixN * tokens,
        ["counted"] = work.Training?.Total / work.Tokens * tokens,
    };

    /// <summary>Weights, those of all layers on one line.</summary>
    public Table Tensors => new(["TENSOR", "SHAPE", "COUNT>", "PARAMETERS>"],
        [.. Folded.Select(w => (string[])[w.Name, $"{w.Shape}", $"{w.Count}", $"{w.Count * w.Shape.Count:N0}"])]);

    /// <summary>Bytes of all weights in each number format.</summary>
    public Table Formats =>
        new(["FORMAT", "WEIGHTS>"], [.. ModelShape.Formats.Select(f => (string[])[f.Name, Units.Bytes(shape.BytesIn(f))])]);

    /// <summary>All the rest.</summary>
    public Table Facts(Strings say) => Table.Pairs(
    [
        (say["shape.name"], named.Name),
        (say["show.family"], shape.Family.Name),
        (say["shape.source"], named.Source),
        .. named.Note is { } note ? [(say["shape.note"], note)] : ((string, string)[])[],
        (say["show.parameters"], $"{Units.Count(shape.Parameters)} ({shape.Parameters:N0})"),
        (say["shape.tables"], $"{Units.Count(work.TableParameters)} ({work.TableParameters:N0})"),
        .. facts.Context > 0 ? [(say["show.context"], $"{facts.Context:N0}")] : ((string, string)[])[],
        (say["show.layers"], $"{facts.Layers}"),
        (say["show.width"], $"{facts.Width}"),
        .. facts.Heads > 0 ? [(say["show.heads"], $"{facts.Heads} / {facts.KvHeads}")] : ((string, string)[])[],
        (say["show.vocabulary"], $"{facts.Vocabulary:N0}"),
        .. Carried(say),
        (say["shape.training"], say.Text("shape.training-of", Units.Bytes(shape.TrainingBytes))),
        .. work.ActivationBytes is { } bytes
            ? [(say["shape.activations"], say.Text("shape.activations-of", Units.Bytes(bytes), work.Tokens))] : ((string, string)[])[],
        .. Worked(say),
    ]);

    IEnumerable<(string, string)> Carried(Strings say)
    {
        if (work.StateWidth > 0) yield return (say["shape.state"], Units.Bytes(sizeof(float) * work.StateWidth));
        var formats = Op.CacheFormats.Where(f => CacheBytes(f) > 0).Select(f => $"{f} {Units.Bytes(work.Tokens * CacheBytes(f))}");
        if (work.KeyValueWidth > 0 && shape.IsCausal)
            yield return (say["shape.cache"], say.Text("shape.cache-of", string.Join(", ", formats), work.Tokens));
    }

    IEnumerable<(string, string)> Worked(Strings say)
    {
        yield return (say["shape.forward"], Share(say, Forward));
        if (work.Training is not { } training) yield break;
        yield return (say["shape.learning"], $"{Share(say, training / work.Tokens)}; 6·N = {Number(SixN)}");
        if (named.Tokens is not { } tokens) yield break;
        var said = named.PublishedOperations is { } published ? Number(published) : "–";
        yield return (say["shape.published"], say.Text("shape.published-of", Units.Count((long)tokens), said, Number(SixN * tokens),
            Number(training.Total / work.Tokens * tokens)));
    }

    string Share(Strings say, Operations of) =>
        say.Text("shape.operations", Number(of.Total), $"{100 * of.Attention / of.Total:F1}", work.Tokens);

    static string Number(double x) => x.ToString("0.00e0");
}
