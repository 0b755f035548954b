using System.CommandLine;
using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How fast models are: several, and several instruction sets, in turn.</summary>
sealed class BenchCommand : CliCommand
{
    const int Often = 5;                                             // rounds, where nobody says

    readonly Argument<string[]> names = new("models") { Arity = ArgumentArity.ZeroOrMore };
    readonly Option<int?> prompt = new("--prompt", "-p") { HelpName = "n" }, answer = new("--answer", "-n") { HelpName = "n" }, depth = new("--depth", "-d") { HelpName = "n" }, batch = new("--batch", "-b") { HelpName = "n" };
    readonly Option<string?> precision = new("--precision") { HelpName = "fast,exact" };
    readonly BenchOptions how = new();

    public override IEnumerable<Symbol> Takes => [names, prompt, answer, depth, batch, precision, .. how.All];

    public override int Run(CommandContext call)
    {
        var (test, threads, clock, rounds) = (Test(call), how.Threads(call), how.Clock(call), how.Rounds(call, Often));
        string[] paths = how.Paths(call), precisions = BenchOptions.Among(call.Get(precision, Setting.Precision) ?? "fast", "--precision", ["fast", "exact"]);
        string?[] said = call.Get(names) is { Length: > 0 } some ? [.. some] : [null];
        string[] files = [.. said.Select(n => call.Models.Resolve(n, call.Say))];
        var (own, trials) = (MemoryUse.Now(), new List<BenchTrial>());
        using var peaks = new CpuPeaks(threads);
        var roofline = new Roofline(peaks);
        try
        {
            foreach (var file in files)
                foreach (var path in paths)
                    foreach (var exactness in precisions) trials.Add(new(call, (file, path, exactness, threads), test, roofline, own));
            Time(call, trials, roofline, rounds, clock);
            var measured = trials.SelectMany(t => t.Cases.Where(c => c.Rates.Count > 0).Select(c => (Trial: t, BenchmarkCase: c))).ToArray();
            if (measured.Length > 0) call.Out.List([.. measured.Select(m => m.Trial.Json(m.BenchmarkCase))], new(BenchTrial.Columns, [.. measured.Select(m => m.Trial.Row(m.BenchmarkCase))]));
            if (call.Out.IsText && measured.Length > 0) call.Out.Note(call.Say["bench.legend"] + call.Say.Text("bench.machine", threads, Roofline.Told(call, roofline.Asked)));
            return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        finally
        {
            foreach (var t in trials) t.Dispose();
        }
    }

    SpeedTest Test(CommandContext call)
    {
        var test = new SpeedTest();
        test = new(BenchOptions.Count(call, prompt, 0) ?? test.Prompt, BenchOptions.Count(call, answer, 0) ?? test.Answer, BenchOptions.Count(call, depth, 0) ?? test.Depth, BenchOptions.Count(call, batch, 1) ?? test.Batch);
        return test is { Prompt: 0, Answer: 0 } ? throw new CliError(2702) : test;
    }

    static void Time(CommandContext call, List<BenchTrial> trials, Roofline roofline, int rounds, TimeProvider clock)
    {
        using var progress = new Progress(call, call.Say["timing"], "runs");
        InterleavedRuns.Run([.. roofline.Asked, .. trials.SelectMany(t => t.Cases)], rounds, clock, progress.Report, call.Cancel);
    }
}
