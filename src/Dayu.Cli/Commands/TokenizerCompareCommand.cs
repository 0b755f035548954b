using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How several tokenizers cut one text: how many tokens, how fast, whether the text comes back, and where they differ.</summary>
sealed class TokenizerCompareCommand : CliCommand
{
    const int MostAligned = 160;                                     // characters that are shown cut

    readonly Argument<string[]> names = new("tokenizers") { Arity = ArgumentArity.OneOrMore };
    readonly Option<string?> text = new("--text") { HelpName = "text" }, data = new("--data") { HelpName = "file" };

    public override IEnumerable<Symbol> Takes => [names, text, data];

    public override int Run(CommandContext call)
    {
        var said = Text(call);
        if (said.Length == 0) throw new CliError(2009);
        TokenizerReport[] reports = [.. call.Get(names)!.Select(n => Try(call, n, said))];
        var scripts = TextScripts.Names.Where(reports[0].Trial.ByScript.ContainsKey).ToArray();
        call.Out.Result("tokenizers", [.. reports.Select(t => t.Json(scripts))],
            new(TokenizerReport.Columns(scripts), [.. reports.Select(t => t.Row(call, scripts))]));
        if (!call.Out.IsText) return Exit.Ok;
        call.Out.Note(call.Say["compare.legend"]);
        foreach (var r in reports.Where(r => !r.Trial.RoundTrips)) call.Out.Note(call.Say.Text("compare.lossy", r.Name, r.Trial.Decoded));
        var width = reports.Max(r => CellWidth.Of(r.Name));
        if (reports[0].Trial.Characters <= MostAligned) call.Out.Text("\n" + string.Concat(reports.Select(r => r.Cuts(width) + "\n")));
        return Exit.Ok;
    }

    string Text(CommandContext call)
    {
        if (call.Get(text) is null && call.Get(data) is { } file) return new TextFile(call, file, data.Name).Whole();
        return call.TextOrInput(call.Get(text));
    }

    static TokenizerReport Try(CommandContext call, string name, string said)
    {
        var path = Path.Combine(call.Terminal.Folder, name);
        var tokenizer = TokenizerFiles.Open(Path.Exists(path) ? path : call.Models.Resolve(name, call.Say));
        call.Warn(tokenizer.Warnings);
        return new(ShortName(name), TokenizerTrial.Of(tokenizer, said, call.Terminal.Clock, call.Cancel));
    }

    /// <summary>The last two parts of a path: one of them says which tokenizer it is.</summary>
    static string ShortName(string name) => string.Join('/', name.Split('/', '\\').Where(p => p.Length > 0).TakeLast(2));
}
