using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>What the heads of attention look at: one head as a map, one word's row of it, the head in which a word looks most at another, or all heads.</summary>
sealed class ExplainAttentionCommand : CliCommand
{
    const int MostTokens = 256, Top = 10;                            // the weights of all heads are kept, and their number grows with the square

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> text = new("--text") { Required = true, HelpName = "text" };
    readonly Option<string?> query = new("--query") { HelpName = "word" }, key = new("--key") { HelpName = "word" }, against = new("--against") { HelpName = "word" };
    readonly Option<int?> layer = new("--layer") { HelpName = "n" }, head = new("--head") { HelpName = "n" }, top = new("--top") { HelpName = "n" };
    readonly Option<bool> all = new("--all");
    readonly FigureFile file = new();
    readonly ModelOptions model = new();

    public override IEnumerable<Symbol> Takes => [name, text, query, key, against, layer, head, all, top, file.Out, .. model.WithoutContext];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Csv, Format.Md];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var (target, said) = (file.Target(call), call.Get(text)!);
        var path = model.Path(call, call.Get(name));
        var on = model.OpenBackend(call);
        using var owned = on as IDisposable;
        using var inspector = Inspector.Open(path, on, call.Get(model.Tokenizer));
        var ids = inspector.Encode(said);
        if (said.Trim().Length == 0 || ids.Count == 0) throw new CliError(2009);
        var most = Math.Min(MostTokens, inspector.Model.Net.Context);
        if (ids.Count > most) throw new CliError(2046, ids.Count, most);
        var pieces = new TextSpans(inspector.Tokenizer, ids);
        var maps = new AttentionMaps(inspector.Attention(ids), pieces);
        var question = new AttentionQuestion(call, maps, inspector.IsCausal, (call.Get(query), call.Get(key), call.Get(against)), call.Get(layer), call.Get(head));
        var report = new AttentionReport(call, question, ids);
        var shown = call.Get(top) is { } n && n < 1 ? throw new CliError(2006, call.Say.Text("not-positive", "--top", n)) : call.Get(top) ?? (call.Get(all) ? int.MaxValue : Top);

        if (target is not null) FigureFile.Write(call, target, () => report.Picture(said, call.Get(all)), report.Numbers(call.Get(all)), report.Json(call.Get(all)));
        if (call.Out.IsText) report.Tell(shown, call.Get(all), brief: target is not null);
        else call.Out.Result(report.Json(call.Get(all)), report.Numbers(call.Get(all)));
        if (question.Best is { Score: <= 0 }) call.Out.Note(call.Say["attention.none"]);
        if (question.Unseen.Any()) call.Out.Warn(call.Say.Text("attention.unseen", question.Said(question.Query!.Value), string.Join(", ", question.Unseen)));
        else if (question is { IsCausal: true, Query: { } q } && q.First + q.Count < pieces.All.Count)
            call.Out.Note(call.Say.Text("attention.causal", question.Said(q), string.Concat(pieces.All.Skip(q.First + q.Count).Select(p => p.Text)).Trim()));
        return Exit.Ok;
    }
}
