using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>How a text is cut into tokens; characters that take several tokens are shown as such.</summary>
sealed class ExplainTokensVerb : Verb
{
    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> text = new("--text") { Required = true, HelpName = "text" };
    readonly TokenizerOptions of = new();

    public override IEnumerable<Symbol> Takes => [name, text, .. of.All];

    public override int Run(Call call)
    {
        var tokenizer = of.Open(call, call.Get(name));
        var ids = tokenizer.Encode(call.Get(text)!, addSpecial: false);
        var groups = TokenGroups.Of([.. ids.Select(i => tokenizer.BytesOf(i).ToArray())]);
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        for (var i = 0; i < ids.Count; i++)
        {
            var (bytes, group) = (Convert.ToHexString(tokenizer.BytesOf(ids[i])), groups[i]);
            rows.Add([$"{i}", $"{ids[i]}", LogProbTable.Shown(tokenizer, ids[i]), bytes, group is { } g ? $"{g.Text} {g.Part}/{g.Parts}" : ""]);
            items.Add(new() { ["position"] = i, ["id"] = ids[i], ["token"] = tokenizer.TokenText(ids[i]), ["bytes"] = bytes, ["part_of"] = group?.Text, ["part"] = group?.Part, ["parts"] = group?.Parts });
        }
        call.Out.Result("tokens", items, new(["#>", "ID>", "TOKEN", "BYTES", "PART OF"], rows));
        if (call.Out.IsText) call.Out.Note(call.Say.Text("token-count", ids.Count, call.Get(text)!.EnumerateRunes().Count(), Encoding.UTF8.GetByteCount(call.Get(text)!)));
        return Exit.Ok;
    }

}
