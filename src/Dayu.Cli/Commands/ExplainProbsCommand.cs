using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>What may come next after a text, and how likely each is.</summary>
sealed class ExplainProbsCommand : CliCommand
{
    const int BarCells = 24;

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> text = new("--text") { Required = true, HelpName = "text" };
    readonly Option<int> top = new("--top") { DefaultValueFactory = _ => 10, HelpName = "n" };
    readonly ModelOptions model = new();

    public override IEnumerable<Symbol> Takes => [name, text, top, .. model.All];

    public override int Run(CommandContext call)
    {
        using var loaded = model.Open(call, call.Get(name));
        var ids = Prompts.Encode(loaded.Model.Tokenizer, call.Get(text)!, parseSpecial: true);
        if (ids.Count == 0) throw new CliError(2009);
        if (ids.Count > loaded.Model.Net.Context) throw new CliError(1004, ids.Count, loaded.Model.Net.Context, loaded.Model.Net.Context);
        var next = Distribution(loaded, ids);
        var shown = next.Take(Math.Max(1, call.Get(top))).ToArray();
        var (rest, entropy) = (1 - shown.Sum(p => p.P), -next.Sum(p => p.P > 0 ? p.P * Math.Log2(p.P) : 0));
        var rows = shown.Select((p, i) => (string[])[$"{i + 1}", LogProbTable.Shown(loaded.Model.Tokenizer, p.Id), $"{p.Id}", Bars.Of(p.P / shown[0].P, BarCells), $"{100 * p.P:F1} %"]).ToArray();
        call.Out.Result(new()
        {
            ["v"] = 1, ["tokens"] = ids.Count, ["entropy_bits"] = Math.Round(entropy, 6), ["rest"] = Math.Round(Math.Max(0, rest), 6),
            ["next"] = new JsonArray([.. shown.Select((p, i) => new JsonObject { ["rank"] = i + 1, ["id"] = p.Id, ["token"] = loaded.Model.Tokenizer.TokenText(p.Id), ["p"] = Math.Round(p.P, 8) })]),
        }, new(["RANK>", "TOKEN", "ID>", "", "P>"], rows));
        if (call.Out.IsText) call.Out.Text(call.Say.Text("rest", $"{next.Length - shown.Length:N0}", $"{100 * Math.Max(0, rest):F1}", $"{entropy:F2}") + "\n");
        return Exit.Ok;
    }

    /// <summary>Every token with its probability, likeliest first.</summary>
    static (int Id, double P)[] Distribution(Loaded loaded, List<int> ids)
    {
        using var arena = new Arena(loaded.On);
        var logits = loaded.Model.Net.Forward(new(arena, [.. ids])).ToArray();
        var lse = TokenLogProb.LogSumExp(logits);
        return [.. logits.Select((x, id) => (Id: id, P: Math.Exp(x - lse))).OrderByDescending(p => p.P).ThenBy(p => p.Id)];
    }
}
