using System.CommandLine;
using System.Text;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What commands that train have in common: a recipe, how long, several values of it, and how it is begun.</summary>
abstract class TrainingCommand : CliCommand
{
    readonly LengthOptions length = new();
    readonly SweepOptions sweep = new();
    readonly Option<string?> name = new("--name") { HelpName = "name" };
    readonly Option<bool> dryRun = new("--dry-run"), nice = new("--nice");
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    protected RecipeOptions Recipes { get; } = new();

    /// <summary>How long it is to be, if not in steps.</summary>
    protected LengthOptions Length => length;

    /// <summary>Ways to have more than one run.</summary>
    protected IEnumerable<Symbol> OfLength => [.. length.All, .. sweep.All, name];

    /// <summary>How it is begun.</summary>
    protected IEnumerable<Symbol> OfStart => [dryRun, nice, threads];

    /// <summary>What decides what a run is: none of it can be said of one that goes on, but weights of its sources.</summary>
    protected IEnumerable<string> Asked(CommandContext call) =>
        Recipes.Asked(call, butWeights: true).Concat(length.Asked(call)).Concat(sweep.Asked(call))
            .Concat(((Option[])[name, dryRun]).Where(call.IsGiven).Select(o => o.Name));

    public override int Run(CommandContext call)
    {
        var (begun, runs) = (call.Terminal.Clock.GetTimestamp(), RunsAtHand.Of(call.Terminal, call.Settings));
        call.Terminal.Interrupts.Grace = TimeSpan.FromMinutes(2);    // a step, and a checkpoint
        if (call.Get(nice)) Priority.Lower(call);                    // before there are threads: they follow
        return Run(call, runs, begun);
    }

    /// <param name="call">Who trains.</param>
    /// <param name="runs">Where runs lie.</param>
    /// <param name="begun">When the program was called.</param>
    protected abstract int Run(CommandContext call, RunStore runs, long begun);

    /// <summary>Trains a new run, or several, or plans one.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="runs">Where runs lie.</param>
    /// <param name="begun">When the program was called.</param>
    /// <param name="basis">The checkpoint of another run that is gone on from with another recipe; null: none.</param>
    protected int Begin(CommandContext call, RunStore runs, long begun, Forked? basis)
    {
        Exclude(call);
        if (sweep.Asked(call).Any()) return Sweep(call, runs);
        if (call.Get(name) is { } called) runs.Check(called);
        using var sources = new SourcesAtHand(call, Recipes.NameOfData(call));
        var wanted = New(Wanted(call, basis, sources), basis, sources);
        var on = Made(call, wanted.Recipe);
        using var disposed = on as IDisposable;
        if (call.Get(dryRun) || length.Time(call) is not null)
        {
            wanted = Planned(call, new(call, runs, begun), wanted, on, begun);
            if (call.Get(dryRun)) return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        return OneRun.Train(call, runs.Create(call.Get(name), basis?.From.Run.Name ?? Prefix(wanted.Recipe)), wanted, on, tells: true);
    }

    /// <summary>A run goes on as it began.</summary>
    protected int GoOn(CommandContext call, RunFolder run)
    {
        using var sources = new SourcesAtHand(call, RecipeOptions.KeyOfData);
        var wanted = New(Continued(run, RecipeFile.Read(run.RecipePath, Recipes.Weights(call)), Recipes.Weighed(call)), null, sources);
        var on = Made(call, wanted.Recipe);
        using var disposed = on as IDisposable;
        return OneRun.Train(call, run, wanted, on, tells: true);
    }

    /// <summary>The recipe with which a run goes on; other weights of its sources are written down in it.</summary>
    static Recipe Continued(RunFolder run, Recipe wanted, string[] weighed)
    {
        using var held = run.Hold();
        var recipe = RunMixture.Continued(run, wanted, weighed);
        var text = RecipeFile.Text(recipe);
        if (text != RecipeFile.Text(RecipeFile.Read(run.RecipePath, []))) WholeFile.Write(run.RecipePath, Encoding.UTF8.GetBytes(text));
        return recipe;
    }

    int Sweep(CommandContext call, RunStore runs)
    {
        using var sources = new SourcesAtHand(call, Recipes.NameOfData(call));
        var first = Wanted(call, null, sources);
        var all = new Sweep(call, runs, sweep.Read(call, first.Seed), s => Wanted(call, null, sources, s.Values));
        return all.Run(s => call.Get(name) is { } said ? said + s.Suffix : RunStore.NameOf(Prefix(first), s.Suffix),
            (old, named, followed) =>
        {
            var wanted = New(followed, null, sources);
            var on = Made(call, followed);
            using var disposed = on as IDisposable;
            OneRun.Train(call, old ?? runs.Create(named, named), wanted, on, tells: false);
        });
    }

    /// <summary>What a run is given: its texts are read first; once they are there, its name is taken.</summary>
    static NewRun New(Recipe recipe, Forked? basis, SourcesAtHand sources) =>
        new(recipe, sources.Of(recipe.Data), basis?.From.Path, Tokenizer(recipe, basis));

    /// <param name="From">What is gone on from.</param>
    /// <param name="Recipe">That of its run.</param>
    protected sealed record Forked(RunCheckpoint From, Recipe Recipe);

    /// <summary>The recipe as it is said: a file, and options over it.</summary>
    protected virtual Recipe Said(CommandContext call, Forked? basis, IEnumerable<KeyValuePair<string, string>>? more) =>
        Recipes.Read(call, more: more, basis: basis?.From.Run.RecipePath);

    /// <summary>What is asked for, with what it leaves to this machine.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="basis">The checkpoint that it goes on from; null: none.</param>
    /// <param name="sources">Opens what it learns from, where the recipe depends on that.</param>
    /// <param name="more">Values of a sweep.</param>
    protected virtual Recipe Wanted(
        CommandContext call, Forked? basis, SourcesAtHand sources, IEnumerable<KeyValuePair<string, string>>? more = null)
    {
        var read = length.Applied(Said(call, basis, more), call);
        if (basis is not null && basis.Recipe.Start != read.Start)
            throw new RecipeException($"start is {read.Start}, and a fork goes on from {basis.From.Path}; leave start out");
        if (read.Data.Sources.Any(s => s.Path == StandardInput.Name)) throw new CliError(2084, Recipes.NameOfData(call));
        if (length.Time(call) is not null) read = read with { Schedule = read.Schedule with { Steps = Planning.Unknown } };
        var isRounded = read.Precision == "bfloat16" || read.Precision == "auto" && Device.MultipliesBFloat16(Device.Paths().Taken);
        return ShardRecipe.Completed(AdapterRecipe.Completed(read with
        {
            Start = read.Start == Recipe.Random || basis is not null ? read.Start : call.Models.Resolve(read.Start, call.Say),
            Teacher = read.Teacher is { } teacher ? teacher with { Model = call.Models.Resolve(teacher.Model, call.Say) } : null,
            Precision = isRounded ? "bfloat16" : "float32",
        }));
    }

    /// <summary>A fork keeps that of its checkpoint; another one that is asked for is held against it later.</summary>
    static string Tokenizer(Recipe wanted, Forked? basis) =>
        basis is not null && basis.Recipe.Data.Tokenizer == wanted.Data.Tokenizer ? basis.From.Path : wanted.TokenizerName;

    /// <summary>Options that say different things of the same.</summary>
    protected virtual void Exclude(CommandContext call)
    {
        Exclude(call, [Recipes.Steps, .. length.All.Cast<Option>()]);
        if (length.Asked(call).FirstOrDefault() is { } by && Recipes.Sets(call, "schedule.steps"))
            throw new CliError(2064, by, "--set schedule.steps");
        ExcludeSweep(call, dryRun, length.ByTime);
    }

    /// <summary>Of these options one is given, or none.</summary>
    protected static void Exclude(CommandContext call, Option[] ways)
    {
        if (ways.Where(call.IsGiven).Take(2).ToArray() is [var one, var other]) throw new CliError(2064, one.Name, other.Name);
    }

    /// <summary>What there cannot be several runs with.</summary>
    protected void ExcludeSweep(CommandContext call, params Option[] others)
    {
        foreach (var option in sweep.All.Cast<Option>())
            foreach (var other in others) Exclude(call, [option, other]);
    }

    static string Prefix(Recipe wanted) => Path.GetFileNameWithoutExtension(wanted.Data.Sources[0].Path);

    /// <summary>What it will come to, told where that is asked for; and the recipe with as many steps as there is time for.</summary>
    NewRun Planned(CommandContext call, Planning planning, NewRun wanted, Backend on, long begun)
    {
        var report = planning.Measured(wanted, on, new() { Sample = OneRun.Sample });
        if (length.Time(call) is { } time)
        {
            var measuring = call.Get(dryRun) ? 0 : call.Terminal.Clock.GetElapsedTime(begun).TotalSeconds - report.Plan.Preparation;
            wanted = wanted with { Recipe = report.Plan.Within(time.TotalSeconds, measuring) };
            report = report with { Plan = report.Plan with { Recipe = wanted.Recipe } };
        }
        if (call.Get(dryRun)) call.Out.Result(report.Json, report.Table(call));
        call.Warn(report.Warnings(call));
        return wanted;
    }

    Backend Made(CommandContext call, Recipe wanted) => wanted.Precision == "bfloat16"
        ? Device.OpenRounding(call.Get(threads, Setting.Threads) ?? 0, Device.Paths().Taken)
        : Device.Open(call.Get(threads, Setting.Threads) ?? 0, exact: true);
}
