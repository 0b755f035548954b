using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;

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
        var (tokenizer, context) = (loaded.Model.Tokenizer, loaded.Model.Context);
        var ids = Prompts.Encode(tokenizer, call.Get(text)!, parseSpecial: true);
        if (ids.Count > context) throw new CliError(1004, ids.Count, context, context);
        var next = NextTokens.After(loaded.Model, ids);
        var shown = next.All.Take(Math.Max(1, call.Get(top))).ToArray();
        var (rest, entropy) = (next.Rest(shown.Length), next.EntropyBits);
        var json = new JsonObject
        {
            ["v"] = 1,
            ["tokens"] = ids.Count,
            ["entropy_bits"] = Math.Round(entropy, 6),
            ["rest"] = Math.Round(rest, 6),
            ["next"] = shown.Select(Object).ToJson(),
        };
        call.Out.Result(json, new(["RANK>", "TOKEN", "ID>", "", "P>"], [.. shown.Select(Row)]));
        var others = $"{next.All.Count - shown.Length:N0}";
        if (call.Out.IsText) call.Out.Text(call.Say.Text("rest", others, $"{100 * rest:F1}", $"{entropy:F2}") + "\n");
        return Exit.Ok;

        JsonObject Object((int Id, double Probability) t, int i) => new()
        {
            ["rank"] = i + 1,
            ["id"] = t.Id,
            ["token"] = LogProbTable.TextOf(tokenizer, t.Id),
            ["p"] = Math.Round(t.Probability, 8),
        };

        string[] Row((int Id, double Probability) t, int i)
        {
            var bar = Bars.Of(t.Probability / shown[0].Probability, BarCells);
            return [$"{i + 1}", LogProbTable.Shown(tokenizer, t.Id), $"{t.Id}", bar, $"{100 * t.Probability:F1} %"];
        }
    }
}
