using System.CommandLine;
using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How fast a model is trained, on random tokens; with its share of what the machine does at best in the same rounds.</summary>
sealed class BenchTrainCommand : CliCommand
{
    const int DefaultRounds = 5, DefaultVocabulary = 256;

    readonly RecipeOptions recipe = new();
    readonly Option<int?> vocabulary = new("--vocab") { HelpName = "n" }, threads = new("--threads", "-t") { HelpName = "n" };
    readonly Option<int?> rounds = new("--rounds", "-r") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [.. recipe.OfModel, vocabulary, threads, rounds];

    public override int Run(CommandContext call)
    {
        var (wanted, own) = (recipe.Read(call, needsData: false), MemoryUse.Now());
        var (given, cores) = (BenchOptions.Count(call, vocabulary, 1), call.Get(threads, Setting.Threads) ?? Environment.ProcessorCount);
        var hasOwn = wanted.Model?["shape"] is { } shape && OwnShapes.Find(shape.ToString()) is null;
        if (hasOwn && given is { } said) wanted.Model!["vocab_size"] = said;
        var tokens = given ?? (hasOwn ? 1 : DefaultVocabulary);      // random tokens are those that the model knows
        string[] precisions = wanted.Precision != "auto" ? [wanted.Precision]
            : Device.MultipliesBFloat16(Device.Paths().Taken) ? ["float32", "bfloat16"] : ["float32"];
        using var peaks = new CpuPeaks(cores);
        TrainTrial[] trials = [.. precisions.Select(p => new TrainTrial(wanted, tokens, p, cores, own))];
        try
        {
            BenchmarkCase[] best = [.. trials.Select(t => new BenchmarkCase("peak", CpuPeaks.Work(t.Peak), _ => peaks.Run(t.Peak)))];
            using (var progress = new Progress(call, call.Say["timing"], "runs"))
                InterleavedRuns.Run([.. best, .. trials.Select(t => t.Case)], BenchOptions.Count(call, rounds, 1) ?? DefaultRounds,
                    call.Terminal.Clock, progress.Report, call.Cancel);
            var measured = trials.Zip(best).Where(m => m.First.Case.Rates.Count > 0).ToArray();
            if (measured.Length > 0)
                call.Out.List([.. measured.Select(m => m.First.Json(m.Second))],
                    new(TrainTrial.Columns, [.. measured.Select(m => m.First.Row(m.Second))]));
            return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        finally
        {
            foreach (var t in trials) t.Dispose();
        }
    }
}
