using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How well a model predicts a text.</summary>
sealed class EvalPerplexityVerb : Verb
{
    const int Window = 2048;                                         // where --ctx does not say otherwise

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly ModelOptions model = new();
    readonly EvalOptions eval = new();

    public override IEnumerable<Symbol> Takes => [name, .. eval.All, .. model.All];

    public override int Run(Call call)
    {
        var text = eval.Text(call);
        using var loaded = model.Open(call, call.Get(name));
        using var progress = new Progress(call, call.Say["scoring"], "tokens");
        var window = model.Context(call, loaded.Model) ?? Math.Min(loaded.Model.Net.Context, Window);
        if (window < 2) throw new Complaint(2006, call.Say.Text("not-positive", "--ctx", window));
        var r = Perplexity.Measure(loaded.Model.Net, loaded.On, loaded.Model.Tokenizer, text, window, eval.Limit(call), progress.Report, call.Cancel, model.Cache(call));
        progress.Dispose();
        if (!double.IsFinite(r.Perplexity)) throw new Complaint(1006, r.Nll);
        call.Out.Result(
            new() { ["v"] = 1, ["tokens"] = r.Tokens, ["nll"] = r.Nll, ["perplexity"] = r.Perplexity, ["bits_per_byte"] = r.BitsPerByte, ["window"] = r.Window, ["stride"] = r.Stride },
            Table.Pairs((call.Say["eval.tokens"], $"{r.Tokens:N0}"), (call.Say["eval.nll"], $"{r.Nll:F4}"), ("perplexity", $"{r.Perplexity:F4}"), (call.Say["eval.bits"], $"{r.BitsPerByte:F4}"),
                (call.Say["eval.window"], call.Say.Text("eval.stride", r.Window, r.Stride))));
        return Exit.Ok;
    }
}
