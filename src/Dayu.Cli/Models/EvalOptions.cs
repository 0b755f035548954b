using System.CommandLine;

namespace Dayu.Cli;

/// <summary>What is measured on: text, or a passage a line (<c>.jsonl</c>: its <c>text</c>).</summary>
sealed class EvalOptions
{
    readonly Option<string> data = new("--data") { Required = true, HelpName = "file" };
    readonly Option<int?> limit = new("--limit") { HelpName = "n" };

    public IEnumerable<Symbol> All => [data, limit];

    public int? Limit(CommandContext call) =>
        call.Get(limit) is < 1 and var n ? throw new CliError(2006, call.Say.Text("not-positive", "--limit", n)) : call.Get(limit);

    /// <summary>The whole text; of <c>.jsonl</c>, its texts one after another.</summary>
    public string Text(CommandContext call) => File(call).Whole();

    /// <summary>The passages, as many as are wanted.</summary>
    public List<string> Passages(CommandContext call) =>
        [.. File(call).Lines().Where(l => l.Trim().Length > 0).Take(Limit(call) ?? int.MaxValue)];

    TextFile File(CommandContext call) => new(call, call.Get(data)!, data.Name);
}
