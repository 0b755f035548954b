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
        var (tokenizer, said) = (of.Open(call, call.Get(name)), call.Get(text)!);
        TokenOfText[] tokens = [.. TokenOfText.Of(tokenizer, tokenizer.Encode(said, addSpecial: false))];
        call.Out.Result("tokens", [.. tokens.Select(Object)], new(["#>", "ID>", "TOKEN", "BYTES", "PART OF"], [.. tokens.Select(Row)]));
        var (characters, bytes) = (said.EnumerateRunes().Count(), Encoding.UTF8.GetByteCount(said));
        if (call.Out.IsText) call.Out.Note(call.Say.Text("token-count", tokens.Length, characters, bytes));
        return Exit.Ok;

        string[] Row(TokenOfText t)
        {
            var part = t.PartOf is null ? "" : $"{t.PartOf} {t.Part}/{t.Parts}";
            return [$"{t.Position}", $"{t.Id}", LogProbTable.Shown(tokenizer, t.Id), Convert.ToHexString(t.Bytes), part];
        }
    }

    static JsonObject Object(TokenOfText t) => new()
    {
        ["position"] = t.Position,
        ["id"] = t.Id,
        ["token"] = t.Text,
        ["bytes"] = Convert.ToHexString(t.Bytes),
        ["part_of"] = t.PartOf,
        ["part"] = t.PartOf is null ? null : t.Part,
        ["parts"] = t.PartOf is null ? null : t.Parts,
    };
}
