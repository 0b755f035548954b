using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How anything is timed: with how many threads, on which instruction sets, how often, by which clock.</summary>
sealed class BenchOptions
{
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" }, rounds = new("--rounds", "-r") { HelpName = "n" };
    readonly Option<string?> paths = new("--path") { HelpName = "a,b" };
    readonly Option<bool> processorTime = new("--cpu-time");

    public IEnumerable<Symbol> All => [threads, rounds, paths, processorTime];

    public int Threads(CommandContext call) => call.Get(threads, Setting.Threads) ?? Environment.ProcessorCount;

    /// <summary>How often each is timed.</summary>
    public int Rounds(CommandContext call, int otherwise) => Count(call, rounds, 1) ?? otherwise;

    /// <summary>Instruction sets that are compared; the one that is taken, where none is named.</summary>
    /// <exception cref="CliError">This machine has not that one; says which it has.</exception>
    public string[] Paths(CommandContext call)
    {
        var (available, taken) = Device.Paths();
        return call.Get(paths) is { } said ? Among(said, "--path", available) : [taken];
    }

    /// <summary>The clock on the wall, or the processor's, which is fair to one thread only.</summary>
    public TimeProvider Clock(CommandContext call)
    {
        if (!call.Get(processorTime)) return call.Terminal.Clock;
        return Threads(call) == 1 ? new ProcessorTime() : throw new CliError(2701, Threads(call));
    }

    /// <summary>Words between commas, each one of those known.</summary>
    public static string[] Among(string said, string option, string[] known)
    {
        string[] words = [.. Setting.Items(said).Select(w => w.ToLowerInvariant()).Distinct()];
        var odd = words.Length == 0 ? said : words.FirstOrDefault(w => !known.Contains(w));
        return odd is null ? words : throw new CliError(2700, odd, option, string.Join(", ", known));
    }

    /// <summary>A number that is not too small; null: none was given.</summary>
    public static int? Count(CommandContext call, Option<int?> option, int least) =>
        call.Get(option) is { } n && n < least ? throw new CliError(2006, call.Say.Text("not-positive", option.Name, n)) : call.Get(option);
}
