using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How often a model knows the last word of a passage.</summary>
sealed class EvalLambadaCommand : CliCommand
{
    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly ModelOptions model = new();
    readonly EvalOptions eval = new();
    readonly Option<double?> failUnder = new("--fail-under") { HelpName = "share" };

    public override IEnumerable<Symbol> Takes => [name, .. eval.All, failUnder, .. model.All];

    public override int Run(CommandContext call)
    {
        var passages = eval.Passages(call);
        using var loaded = model.Open(call, call.Get(name));
        using var progress = new Progress(call, call.Say["scoring"], "passages");
        var r = Lambada.Measure(loaded.Predictor, passages, progress.Report, call.Cancel);
        progress.Dispose();
        if (!double.IsFinite(r.Perplexity)) throw new CliError(1006, r.MeanLogProb);
        call.Out.Result(
            new() { ["v"] = 1, ["passages"] = r.Passages, ["accuracy"] = r.Accuracy, ["perplexity"] = r.Perplexity },
            Table.Pairs(
                (call.Say["eval.passages"], $"{r.Passages:N0}"),
                (call.Say["eval.accuracy"], $"{100 * r.Accuracy:F2} % ({r.Right})"),
                ("perplexity", $"{r.Perplexity:F4}")));
        return r.Accuracy < call.Get(failUnder) ? throw new CliError(5001, $"{r.Accuracy:F4}", call.Get(failUnder)!) : Exit.Ok;
    }
}
