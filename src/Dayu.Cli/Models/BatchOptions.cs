using System.CommandLine;

namespace Dayu.Cli;

/// <summary>How several answers are asked for: many prompts from a file, one prompt several times.</summary>
sealed class BatchOptions
{
    const int Most = 100_000, DefaultTogether = 16, MostTogether = 1024;

    readonly Option<string?> prompts = new("--prompts") { HelpName = "file" };
    readonly Option<int?> samples = new("--samples") { HelpName = "n" }, together = new("--together") { HelpName = "n" };

    public IEnumerable<Symbol> All => [prompts, samples, together];

    /// <summary>Whether several answers are wanted.</summary>
    public bool IsWanted(CommandContext call) => call.Get(prompts) is not null || call.Get(samples) is not null;

    /// <summary>Whether a file says the prompts.</summary>
    public bool HasPrompts(CommandContext call) => call.Get(prompts) is not null;

    /// <summary>How many are answered at a time.</summary>
    public int Together(CommandContext call) => Number(call, together, DefaultTogether, MostTogether);

    /// <summary>Every prompt that is to be answered, as often as is wanted.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="said">What the command line and the pipe say: stands before each of the file's prompts; null: nothing.</param>
    public IReadOnlyList<string> Prompts(CommandContext call, string? said)
    {
        var times = Number(call, samples, 1, Most);
        string[] asked = call.Get(prompts) is { } file ? [.. FromFile(call, file).Select(p => said is null ? p : $"{said}\n\n{p}")]
            : [said ?? throw new CliError(2009)];
        if ((long)asked.Length * times > Most) throw new CliError(2006, call.Say.Text("batch.too-many", asked.Length, times, Most));
        return [.. asked.SelectMany(p => Enumerable.Repeat(p, times))];
    }

    IEnumerable<string> FromFile(CommandContext call, string file) =>
        new TextFile(call, file, prompts.Name, "prompt").Lines().Where(p => p.Trim().Length > 0);

    static int Number(CommandContext call, Option<int?> option, int otherwise, int most) => call.Get(option) switch
    {
        { } n when n < 1 || n > most => throw new CliError(2006, call.Say.Text("out-of-range", option.Name, n, 1, most)),
        { } n => n,
        null => otherwise,
    };
}
