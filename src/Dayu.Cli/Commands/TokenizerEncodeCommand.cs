using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Text to ids.</summary>
sealed class TokenizerEncodeCommand : CliCommand
{
    readonly Argument<string?> text = new("text") { Arity = ArgumentArity.ZeroOrOne };
    readonly TokenizerOptions of = new();
    readonly Option<bool> noBos = new("--no-bos"), noSpecial = new("--no-special");

    public override IEnumerable<Symbol> Takes => [text, .. of.All, noBos, noSpecial];

    public override int Run(CommandContext call)
    {
        var tokenizer = of.Open(call);
        var input = call.TextOrInput(call.Get(text));
        var ids = tokenizer.Encode(input, addSpecial: !call.Get(noBos), parseSpecial: !call.Get(noSpecial));
        var json = new JsonObject { ["v"] = 1, ["ids"] = ids.ToJson(), ["tokens"] = ids.Select(tokenizer.TokenText).ToJson() };
        if (call.Out.IsText) call.Out.Text(string.Join(' ', ids) + "\n");
        else call.Out.Result(json, new(["ID>", "TOKEN"], [.. ids.Select(i => (string[])[$"{i}", tokenizer.TokenText(i)])]));
        return Exit.Ok;
    }
}
