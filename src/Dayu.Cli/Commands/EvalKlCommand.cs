using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How far a model's predictions are from another's, or from its own exact ones.</summary>
sealed class EvalKlCommand : CliCommand
{
    const string Exactly = "exact";

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly ModelOptions model = new();
    readonly EvalOptions eval = new();
    readonly Option<string> against = new("--against") { Required = true, HelpName = "model" };

    public override IEnumerable<Symbol> Takes => [name, against, .. eval.All, .. model.All];

    public override int Run(CommandContext call)
    {
        var (text, than) = (eval.Text(call), call.Get(against)!);
        var isExact = than == Exactly;
        var place = model.Place(call, call.Get(name));
        var otherPlace = isExact ? place : ModelPlace.Of(call, call.Models.Resolve(than, call.Say));
        using Loaded loaded = model.OpenPlace(call, place), other = model.OpenPlace(call, otherPlace, isExact ? true : null);
        var window = model.Window(call, loaded.Model, other.Model);
        using var progress = new Progress(call, call.Say["scoring"], "tokens");
        var predictor = loaded.Predictor with { Cache = model.Cache(call) };
        var r = Divergence.Measure(predictor, other.Predictor, text, window, eval.Limit(call), progress.Report, call.Cancel);
        progress.Dispose();
        if (!double.IsFinite(r.MeanKl + r.Perplexity + r.AgainstPerplexity)) throw new CliError(1006, r.MeanKl);
        var otherName = isExact ? Exactly : other.Name;
        call.Out.Result(Json(r, loaded.Name, otherName), Pairs(call.Say, r, otherName));
        return Exit.Ok;
    }

    static JsonObject Json(DivergenceResult r, string model, string against) => new()
    {
        ["v"] = 1,
        ["model"] = model,
        ["against"] = against,
        ["tokens"] = r.Tokens,
        ["mean_kl"] = r.MeanKl,
        ["kl_99"] = r.Kl99,
        ["same_top"] = r.SameTop,
        ["perplexity"] = r.Perplexity,
        ["against_perplexity"] = r.AgainstPerplexity,
        ["window"] = r.Window,
        ["stride"] = r.Stride,
    };

    static Table Pairs(Strings say, DivergenceResult r, string against) => Table.Pairs(
        (say["eval.tokens"], $"{r.Tokens:N0}"),
        (say["eval.mean-kl"], $"{r.MeanKl:F5}"),
        (say["eval.kl-99"], $"{r.Kl99:F5}"),
        (say["eval.same-top"], $"{100 * r.SameTop:F2} %"),
        ("perplexity", say.Text("eval.both", $"{r.Perplexity:F4}", $"{r.AgainstPerplexity:F4}", against)),
        (say["eval.window"], say.Text("eval.stride", r.Window, r.Stride)));
}
