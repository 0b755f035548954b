using System.CommandLine;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Trains a model, or several by recipes that differ, or goes on with a training, or plans one.</summary>
sealed class TrainCommand : CliCommand
{
    readonly RecipeOptions recipe = new();
    readonly LengthOptions length = new();
    readonly SweepOptions sweep = new();
    readonly Option<string?> name = new("--name") { HelpName = "name" }, resume = new("--resume") { HelpName = "run" };
    readonly Option<string?> fork = new("--fork") { HelpName = "run@step" };
    readonly Option<bool> dryRun = new("--dry-run"), nice = new("--nice");
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes =>
        [.. recipe.All, .. length.All, .. sweep.All, name, resume, fork, dryRun, nice, threads];

    public override int Run(CommandContext call)
    {
        var (begun, runs) = (call.Terminal.Clock.GetTimestamp(), RunsAtHand.Of(call.Terminal, call.Settings));
        call.Terminal.Interrupts.Grace = TimeSpan.FromMinutes(2);    // a step, and a checkpoint
        if (call.Get(nice)) Priority.Lower(call);                    // before there are threads: they follow
        if (call.Get(resume) is { } named) return Resume(call, runs, named);
        Exclude(call);
        if (sweep.Asked(call).Any()) return Sweep(call, runs);
        if (call.Get(name) is { } called) runs.Check(called);
        var basis = Basis(call, runs);
        var wanted = New(call, Wanted(call, basis), basis, recipe.NameOfData(call));
        var on = Made(call, wanted.Recipe);
        using var disposed = on as IDisposable;
        if (call.Get(dryRun) || length.Time(call) is not null)
        {
            wanted = Planned(call, new(call, runs, begun), wanted, on, begun);
            if (call.Get(dryRun)) return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        return OneRun.Train(call, runs.Create(call.Get(name), Prefix(call, wanted.Recipe)), wanted, on, tells: true);
    }

    /// <summary>A run goes on as it began: what else is asked for is not done in silence.</summary>
    int Resume(CommandContext call, RunStore runs, string named)
    {
        Option[] others = [name, fork, dryRun];
        var asked = recipe.Asked(call).Concat(length.Asked(call)).Concat(sweep.Asked(call));
        if (asked.Concat(others.Where(call.IsGiven).Select(o => o.Name)).FirstOrDefault() is { } other)
            throw new CliError(2077, other, named);
        var old = runs.Find(named) ?? throw new CliError(3017, named, runs.Folder);
        var wanted = New(call, RecipeFile.Read(old.RecipePath, []), null, RecipeOptions.KeyOfData);
        var on = Made(call, wanted.Recipe);
        using var disposed = on as IDisposable;
        return OneRun.Train(call, old, wanted, on, tells: true);
    }

    int Sweep(CommandContext call, RunStore runs)
    {
        var first = Wanted(call, null);
        var all = new Sweep(call, runs, sweep.Read(call, first.Seed), s => Wanted(call, null, s.Values));
        return all.Run(s => call.Get(name) is { } said ? said + s.Suffix : RunStore.NameOf(Prefix(call, first), s.Suffix),
            (old, named, followed) =>
        {
            var wanted = New(call, followed, null, recipe.NameOfData(call));
            var on = Made(call, followed);
            using var disposed = on as IDisposable;
            OneRun.Train(call, old ?? runs.Create(named, named), wanted, on, tells: false);
        });
    }

    /// <summary>What a run is given: its texts are read first; once they are there, its name is taken.</summary>
    static NewRun New(CommandContext call, Recipe recipe, Forked? basis, string origin) =>
        new(recipe, RunTexts.Read(call, recipe, origin), basis?.From.Path, Tokenizer(recipe, basis));

    /// <summary>The checkpoint of another run that is gone on from with another recipe; null: none.</summary>
    Forked? Basis(CommandContext call, RunStore runs)
    {
        if (call.Get(fork) is not { } named) return null;
        var from = runs.Checkpoint(named) ?? throw new CliError(3028, named, runs.Folder);
        return new(from, RecipeFile.Read(from.Run.RecipePath, []));
    }

    /// <param name="From">What is gone on from.</param>
    /// <param name="Recipe">That of its run.</param>
    sealed record Forked(RunCheckpoint From, Recipe Recipe);

    /// <summary>What is asked for, with what it leaves to this machine.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="basis">The checkpoint that it goes on from; null: none.</param>
    /// <param name="more">Values of a sweep.</param>
    Recipe Wanted(CommandContext call, Forked? basis, IEnumerable<KeyValuePair<string, string>>? more = null)
    {
        var read = length.Applied(recipe.Read(call, more: more, basis: basis?.From.Run.RecipePath), call);
        if (basis is not null && basis.Recipe.Start != read.Start)
            throw new RecipeException($"start is {read.Start}, and a fork goes on from {basis.From.Path}; leave start out");
        if (read.Data.Sources.Any(s => s.Path == StandardInput.Name)) throw new CliError(2084, recipe.NameOfData(call));
        if (length.Time(call) is not null) read = read with { Schedule = read.Schedule with { Steps = Planning.Unknown } };
        var isRounded = read.Precision == "bfloat16" || read.Precision == "auto" && Device.MultipliesBFloat16(Device.Paths().Taken);
        return AdapterRecipe.Completed(read with
        {
            Start = read.Start == Recipe.Random || basis is not null ? read.Start : call.Models.Resolve(read.Start, call.Say),
            Precision = isRounded ? "bfloat16" : "float32",
        });
    }

    /// <summary>A fork keeps that of its checkpoint; another one that is asked for is held against it later.</summary>
    static string Tokenizer(Recipe wanted, Forked? basis) =>
        basis is not null && basis.Recipe.Data.Tokenizer == wanted.Data.Tokenizer ? basis.From.Path : wanted.TokenizerName;

    /// <summary>Options that say different things of the same.</summary>
    void Exclude(CommandContext call)
    {
        Exclude([recipe.Steps, .. length.All.Cast<Option>()]);
        Exclude([fork, recipe.From]);
        if (length.Asked(call).FirstOrDefault() is { } by && recipe.Sets(call, "schedule.steps"))
            throw new CliError(2064, by, "--set schedule.steps");
        foreach (var option in sweep.All.Cast<Option>())
            foreach (var other in (Option[])[fork, dryRun, length.ByTime]) Exclude([option, other]);

        void Exclude(Option[] ways)
        {
            if (ways.Where(call.IsGiven).Take(2).ToArray() is [var one, var other]) throw new CliError(2064, one.Name, other.Name);
        }
    }

    string Prefix(CommandContext call, Recipe wanted) => call.Get(fork) is { } named ? RunStore.Parts(named).Run
        : Path.GetFileNameWithoutExtension(wanted.Data.Sources[0].Path);

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
