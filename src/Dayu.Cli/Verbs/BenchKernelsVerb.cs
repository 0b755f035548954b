using System.CommandLine;
using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How fast kernels are, as a share of what this machine can do at best.</summary>
sealed class BenchKernelsVerb : Verb
{
    const int Often = 7;                                             // rounds, where nobody says

    readonly Argument<string[]> names = new("kernels") { Arity = ArgumentArity.ZeroOrMore };
    readonly BenchOptions how = new();

    public BenchKernelsVerb() => names.AcceptOnlyFromAmong(KernelContests.Names);

    public override IEnumerable<Symbol> Takes => [names, .. how.All];

    public override int Run(Call call)
    {
        var (threads, clock, rounds, paths) = (how.Threads(call), how.Clock(call), how.Rounds(call, Often), how.Paths(call));
        string[] wanted = call.Get(names) is { Length: > 0 } said ? said : ["quant", "gemm", "attention"];
        var (measured, asked) = (new List<KernelTrial>(), new List<Contender>());
        using var peaks = new CpuPeaks(threads);
        Func<Ceilings, KernelContest>[] contests = [.. new KernelContests(paths, threads).Of(wanted)];
        using (var progress = new Progress(call, call.Say["timing"], "kernels"))
            foreach (var (i, make) in contests.Index())
            {
                if (call.Cancel.IsCancellationRequested) break;
                progress.Report(i, contests.Length);
                var ceilings = new Ceilings(peaks);
                using var contest = make(ceilings);
                Rounds.Run([.. ceilings.Asked, .. contest.Trials.Select(t => t.Contender)], rounds, clock, null, call.Cancel);
                measured.AddRange(contest.Trials.Where(t => t.Contender.Rates.Count > 0));
                asked.AddRange(ceilings.Asked);
            }
        if (measured.Count > 0) call.Out.List([.. measured.Select(t => t.Json)], new(KernelTrial.Columns, [.. measured.Select(t => t.Row)]));
        if (call.Out.IsText && measured.Count > 0) call.Out.Note(call.Say["bench.kernels"] + call.Say.Text("bench.machine", threads, Ceilings.Told(call, asked)));
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }
}
