using System.CommandLine;
using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How fast kernels are, as a share of what this machine can do at best.</summary>
sealed class BenchKernelsCommand : CliCommand
{
    const int DefaultRounds = 7;

    readonly Argument<string[]> names = new("kernels") { Arity = ArgumentArity.ZeroOrMore };
    readonly BenchOptions how = new();

    public BenchKernelsCommand() => names.AcceptOnlyFromAmong(KernelContests.Names);

    public override IEnumerable<Symbol> Takes => [names, .. how.All];

    public override int Run(CommandContext call)
    {
        var (threads, clock, rounds, paths) = (how.Threads(call), how.Clock(call), how.Rounds(call, DefaultRounds), how.Paths(call));
        string[] wanted = call.Get(names) is { Length: > 0 } said ? said : ["quant", "gemm", "attention"];
        var (measured, asked) = (new List<KernelTrial>(), new List<BenchmarkCase>());
        using var peaks = new CpuPeaks(threads);
        Func<Roofline, KernelContest>[] contests = [.. new KernelContests(paths, threads).Of(wanted)];
        using (var progress = new Progress(call, call.Say["timing"], "kernels"))
            foreach (var (i, make) in contests.Index())
            {
                if (call.Cancel.IsCancellationRequested) break;
                progress.Report(i, contests.Length);
                var roofline = new Roofline(peaks);
                using var contest = make(roofline);
                InterleavedRuns.Run([.. roofline.Asked, .. contest.Trials.Select(t => t.BenchmarkCase)], rounds, clock, null, call.Cancel);
                measured.AddRange(contest.Trials.Where(t => t.BenchmarkCase.Rates.Count > 0));
                asked.AddRange(roofline.Asked);
            }
        Tell(call, measured, threads, asked);
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>Says what was measured, if anything was before it was stopped.</summary>
    static void Tell(CommandContext call, List<KernelTrial> measured, int threads, List<BenchmarkCase> peaks)
    {
        if (measured.Count == 0) return;
        call.Out.List([.. measured.Select(t => t.Json)], new(KernelTrial.Columns, [.. measured.Select(t => t.Row)]));
        if (!call.Out.IsText) return;
        call.Out.Note(call.Say["bench.kernels"] + call.Say.Text("bench.machine", threads, Roofline.Told(call, peaks)));
    }
}
