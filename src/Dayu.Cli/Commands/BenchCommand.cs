using System.CommandLine;
using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How fast models are: several, and several instruction sets, in turn.</summary>
sealed class BenchCommand : CliCommand
{
    const int DefaultRounds = 5;

    readonly Argument<string[]> names = new("models") { Arity = ArgumentArity.ZeroOrMore };
    readonly Option<int?> prompt = Number("--prompt", "-p"), answer = Number("--answer", "-n");
    readonly Option<int?> depth = Number("--depth", "-d"), batch = Number("--batch", "-b");
    readonly Option<string?> precision = new("--precision") { HelpName = "fast,exact" };
    readonly AdapterOption adapter = new();
    readonly BenchOptions how = new();

    static Option<int?> Number(string name, string letter) => new(name, letter) { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [names, prompt, answer, depth, batch, precision, adapter.Adapter, .. how.All];

    public override int Run(CommandContext call)
    {
        var (test, threads, clock, rounds) = (Test(call), how.Threads(call), how.Clock(call), how.Rounds(call, DefaultRounds));
        var paths = how.Paths(call);
        var precisions = BenchOptions.Among(call.Get(precision, Setting.Precision) ?? "fast", "--precision", ["fast", "exact"]);
        string?[] said = call.Get(names) is { Length: > 0 } some ? [.. some] : [null];
        ModelPlace[] models = [.. said.Select(n => adapter.On(call, call.Models.Resolve(n, call.Say)))];
        var (own, trials) = (MemoryUse.Now(), new List<BenchTrial>());
        using var peaks = new CpuPeaks(threads);
        var roofline = new Roofline(peaks);
        try
        {
            foreach (var model in models)
                foreach (var path in paths)
                    foreach (var exactness in precisions) trials.Add(new(call, new(model, path, exactness, threads), test, roofline, own));
            Time(call, trials, roofline, rounds, clock);
            Tell(call, trials, threads, roofline);
            return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        finally
        {
            foreach (var t in trials) t.Dispose();
        }
    }

    SpeedTest Test(CommandContext call)
    {
        var usual = new SpeedTest();
        var test = new SpeedTest(
            BenchOptions.Count(call, prompt, 0) ?? usual.Prompt,
            BenchOptions.Count(call, answer, 0) ?? usual.Answer,
            BenchOptions.Count(call, depth, 0) ?? usual.Depth,
            BenchOptions.Count(call, batch, 1) ?? usual.Batch);
        return test is { Prompt: 0, Answer: 0 } ? throw new CliError(2702) : test;
    }

    static void Time(CommandContext call, List<BenchTrial> trials, Roofline roofline, int rounds, TimeProvider clock)
    {
        using var progress = new Progress(call, call.Say["timing"], "runs");
        InterleavedRuns.Run([.. roofline.Asked, .. trials.SelectMany(t => t.Cases)], rounds, clock, progress.Report, call.Cancel);
    }

    /// <summary>Says what was measured, if anything was before it was stopped.</summary>
    static void Tell(CommandContext call, List<BenchTrial> trials, int threads, Roofline roofline)
    {
        var measured = trials.SelectMany(t => t.Cases.Where(c => c.Rates.Count > 0).Select(c => (Trial: t, Case: c))).ToArray();
        if (measured.Length == 0) return;
        call.Out.List(
            [.. measured.Select(m => m.Trial.Json(m.Case))],
            new(BenchTrial.Columns, [.. measured.Select(m => m.Trial.Row(m.Case))]));
        if (!call.Out.IsText) return;
        call.Out.Note(call.Say["bench.legend"] + call.Say.Text("bench.machine", threads, Roofline.Told(call, roofline.Asked)));
    }
}
