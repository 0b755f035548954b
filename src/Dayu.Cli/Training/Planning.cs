using Dayu.Inference;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Measures what a training will come to: a few real steps in a folder beside the runs, thrown away afterwards.</summary>
/// <param name="call">Who plans.</param>
/// <param name="runs">Where runs lie: checkpoints are timed on the same disk.</param>
/// <param name="begun">When the program was called.</param>
sealed class Planning(CommandContext call, RunStore runs, long begun)
{
    /// <summary>Steps of a recipe that is to be measured before its own number is known.</summary>
    public const long Unknown = 1L << 40;

    /// <param name="wanted">What is to be trained.</param>
    /// <param name="on">Where it is computed.</param>
    /// <param name="sample">Goes on with a prompt.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public PlanReport Measured(NewRun wanted, Backend on, RunEvents sample)
    {
        var folder = runs.Scratch();
        try
        {
            wanted.Write(call, folder);
            call.Out.Note(call.Say["plan.measuring"]);
            using var run = new TrainingRun(folder, wanted.Recipe, wanted.Sources, on, call.Terminal.Clock);
            run.Measures = LambadaMeasure.Of(call, wanted.Recipe.Eval, run.Pretrained);
            var preparation = call.Terminal.Clock.GetElapsedTime(begun).TotalSeconds;
            var cost = TrainingCost.Of(run, sample, call.Terminal.Clock, call.Cancel);
            return new(new(wanted.Recipe, cost, preparation), MemoryUse.Highest().Resident, run.Model, run.Data.Tokens.Training,
                new DriveInfo(folder.Path).AvailableFreeSpace);
        }
        finally { folder.Remove(); }
    }
}
