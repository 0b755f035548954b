using System.CommandLine;
using System.Globalization;

namespace Dayu.Cli;

/// <summary>Ids to text.</summary>
sealed class TokenizerDecodeCommand : CliCommand
{
    static readonly char[] between = [' ', ',', '[', ']', '\t', '\r', '\n'];

    readonly Argument<string[]> ids = new("ids") { Arity = ArgumentArity.ZeroOrMore };
    readonly TokenizerOptions of = new();
    readonly Option<bool> noSpecial = new("--no-special");

    public override IEnumerable<Symbol> Takes => [ids, .. of.All, noSpecial];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Jsonl];

    public override int Run(CommandContext call)
    {
        var tokenizer = of.Open(call);
        List<int> numbers = [.. Said(call).Split(between, StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        if (numbers.Find(n => n >= tokenizer.VocabularySize) is > 0 and var beyond)
            throw new CliError(2011, beyond, tokenizer.VocabularySize - 1);
        var text = tokenizer.Decode(numbers, skipSpecial: call.Get(noSpecial));
        if (call.Out.IsText) call.Out.Text(call.Terminal.OutIsTty ? text + "\n" : text);   // a pipe gets the text and nothing else
        else call.Out.Json(new() { ["v"] = 1, ["text"] = text });
        return Exit.Ok;
    }

    string Said(CommandContext call) => call.TextOrInput(call.Get(ids) is { Length: > 0 } words ? string.Join(' ', words) : null);

    static int Number(string word) => int.TryParse(word, NumberStyles.None, null, out var n) ? n : throw new CliError(2010, word);
}
