using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// Trains a model further on conversations, preferences or texts: what <c>train</c> does, with other values where none are said.
/// </summary>
sealed class FinetuneCommand : TrainingCommand
{
    const int Window = 1024, Batch = 4;
    const double PairsRate = 2e-4, WholeRate = 2e-5, Epochs = 3, WarmUp = 0.05;

    readonly Argument<string> model = new("model");
    readonly Option<bool> full = new("--full");
    readonly Option<double?> epochs = new("--epochs") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [model, .. Recipes.OfStarted, epochs, full, .. OfLength, .. OfStart];

    public override string? TextsOf => "train";

    protected override int Run(CommandContext call, RunStore runs, long begun) => Begin(call, runs, begun, basis: null);

    protected override void Exclude(CommandContext call)
    {
        base.Exclude(call);
        Exclude(call, [epochs, Recipes.Steps, .. Length.All.Cast<Option>()]);
        if (call.Get(full) && Recipes.SetsWithin(call, "adapter")) throw new CliError(2064, full.Name, "--set adapter");
        if (call.Get(epochs) is { } n && !(n > 0 && double.IsFinite(n)))
            throw new CliError(2006, call.Say.Text("not-positive", epochs.Name, n));
    }

    protected override Recipe Said(CommandContext call, Forked? basis, IEnumerable<KeyValuePair<string, string>>? more)
    {
        var start = call.Models.Resolve(call.Get(model), call.Say);
        var isAdapter = AdapterConfig.IsAlone(start);
        if (isAdapter && call.Get(full))
            throw new RecipeException($"{start} holds the pairs of an adapter, and --full trains whole weights", RecipeFault.Adapter);
        using var checkpoint = Checkpoint.Open(start);
        var values = new Dictionary<string, string>
        {
            ["schedule.kind"] = "linear", ["schedule.least"] = "0", ["schedule.steps"] = $"{Planning.Unknown}", ["eval.every"] = "50",
            ["data.window"] = $"{Math.Min(Window, ModelShape.Of(checkpoint.Config).Context)}", ["data.batch"] = $"{Batch}",
        };
        if (!isAdapter) values["adapter"] = "{}";
        KeyValuePair<string, string>[] over =
            [.. more ?? [], new("start", JsonValue.Create(start).ToJsonString()), .. call.Get(full) ? Whole : []];
        var hasPairs = isAdapter || Read().Adapter is not null;      // a recipe's file may say that there are none
        values["schedule.rate"] = (hasPairs ? PairsRate : WholeRate).ToString("R");
        if (hasPairs) values["optimizer.decay"] = "0";
        return Read();

        Recipe Read() => Recipes.Read(call, more: over, under: values);
    }

    static KeyValuePair<string, string>[] Whole => [new("adapter", "null")];

    /// <summary>What only the data can say: what kind they are, and how many steps read them so often.</summary>
    protected override Recipe Wanted(
        CommandContext call, Forked? basis, SourcesAtHand sources, IEnumerable<KeyValuePair<string, string>>? more = null)
    {
        var wanted = base.Wanted(call, basis, sources, more);
        wanted = RecipeFile.Checked(SourceKinds.Told(wanted));
        if (Length.Time(call) is not null) return wanted;
        var steps = wanted.Schedule.Steps;
        if (steps == Planning.Unknown || call.IsGiven(epochs)) steps = StepsOf(call, wanted, sources, call.Get(epochs) ?? Epochs);
        var warmup = wanted.Schedule.Warmup ?? (long)Math.Ceiling(WarmUp * steps);
        return RecipeFile.Checked(wanted with { Schedule = wanted.Schedule with { Steps = steps, Warmup = Math.Min(warmup, steps) } });
    }

    static long StepsOf(CommandContext call, Recipe wanted, SourcesAtHand sources, double epochs)
    {
        using var checkpoint = Checkpoint.Open(wanted.Start);
        var (shape, name) = (ModelShape.Of(checkpoint.Config), wanted.TokenizerName);
        // the run's is a copy: what is tokenised here is not tokenised again
        var coding = new TextCoding(TokenizerFiles.Open(name), ShardTokenizer.HashOfCopy(name), RunTexts.Template(call, wanted));
        return new TrainingData(wanted, sources.Of(wanted.Data), coding, shape.Vocabulary, shape.IsRecurrent).StepsOf(epochs);
    }
}
