using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How a text is cut into tokens; characters that take several tokens are shown as such.</summary>
sealed class ExplainTokensCommand : CliCommand
{
    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> text = new("--text") { Required = true, HelpName = "text" };
    readonly TokenizerOptions of = new();

    public override IEnumerable<Symbol> Takes => [name, text, .. of.All];

    public override int Run(CommandContext call)
    {
        var tokenizer = of.Open(call, call.Get(name));
        var ids = tokenizer.Encode(call.Get(text)!, addSpecial: false);
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var piece in new TextSpans(tokenizer, ids).All)
            for (var i = piece.First; i < piece.First + piece.Count; i++)
            {
                var (bytes, part) = (Convert.ToHexString(tokenizer.BytesOf(ids[i])), piece.Count > 1 ? i - piece.First + 1 : (int?)null);
                rows.Add([$"{i}", $"{ids[i]}", LogProbTable.Shown(tokenizer, ids[i]), bytes, part is null ? "" : $"{piece.Text} {part}/{piece.Count}"]);
                items.Add(new()
                {
                    ["position"] = i, ["id"] = ids[i], ["token"] = tokenizer.TokenText(ids[i]), ["bytes"] = bytes,
                    ["part_of"] = part is null ? null : piece.Text, ["part"] = part, ["parts"] = part is null ? null : piece.Count,
                });
            }
        call.Out.Result("tokens", items, new(["#>", "ID>", "TOKEN", "BYTES", "PART OF"], rows));
        if (call.Out.IsText) call.Out.Note(call.Say.Text("token-count", ids.Count, call.Get(text)!.EnumerateRunes().Count(), Encoding.UTF8.GetByteCount(call.Get(text)!)));
        return Exit.Ok;
    }
}
