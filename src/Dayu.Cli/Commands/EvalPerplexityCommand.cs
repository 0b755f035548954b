using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How well a model predicts a text.</summary>
sealed class EvalPerplexityCommand : CliCommand
{
    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly ModelOptions model = new();
    readonly EvalOptions eval = new();

    public override IEnumerable<Symbol> Takes => [name, .. eval.All, .. model.All];

    public override int Run(CommandContext call)
    {
        var text = eval.Text(call);
        using var loaded = model.Open(call, call.Get(name));
        using var progress = new Progress(call, call.Say["scoring"], "tokens");
        var (predictor, window) = (loaded.Predictor with { Cache = model.Cache(call) }, model.Window(call, loaded.Model));
        var r = Perplexity.Measure(predictor, text, window, eval.Limit(call), progress.Report, call.Cancel);
        progress.Dispose();
        if (!double.IsFinite(r.Perplexity)) throw new CliError(1006, r.Nll);
        call.Out.Result(
            new()
            {
                ["v"] = 1,
                ["tokens"] = r.Tokens,
                ["nll"] = r.Nll,
                ["perplexity"] = r.Perplexity,
                ["bits_per_byte"] = r.BitsPerByte,
                ["window"] = r.Window,
                ["stride"] = r.Stride,
            },
            Table.Pairs(
                (call.Say["eval.tokens"], $"{r.Tokens:N0}"),
                (call.Say["eval.nll"], $"{r.Nll:F4}"),
                ("perplexity", $"{r.Perplexity:F4}"),
                (call.Say["eval.bits"], $"{r.BitsPerByte:F4}"),
                (call.Say["eval.window"], call.Say.Text("eval.stride", r.Window, r.Stride))));
        return Exit.Ok;
    }
}
