using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Trains a model, or goes on with a training.</summary>
sealed class TrainCommand : CliCommand
{
    readonly RecipeOptions recipe = new();
    readonly LengthOptions length = new();
    readonly Option<string?> name = new("--name") { HelpName = "name" }, resume = new("--resume") { HelpName = "run" };
    readonly Option<string?> fork = new("--fork") { HelpName = "run@step" };
    readonly Option<bool> dryRun = new("--dry-run"), nice = new("--nice");
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [.. recipe.All, .. length.All, name, resume, fork, dryRun, nice, threads];

    public override int Run(CommandContext call)
    {
        var (begun, runs) = (call.Terminal.Clock.GetTimestamp(), RunsAtHand.Of(call.Terminal, call.Settings));
        call.Terminal.Interrupts.Grace = TimeSpan.FromMinutes(2);    // a step, and a checkpoint
        if (call.Get(nice)) Priority.Lower(call);                    // before there are threads: they follow
        var old = call.Get(resume) is { } named ? Resumed(call, runs, named) : null;
        var basis = old is null ? Basis(call, runs) : null;
        var recipe = old is { } run ? RecipeFile.Read(run.RecipePath, []) : Wanted(call, basis);
        string[] texts = [.. recipe.Data.Sources.Select(s => new TextFile(call, s).Whole())];
        var wanted = new NewRun(recipe, texts, basis, Tokenizer(recipe, basis));
        var on = Made(call, recipe);
        using var disposed = on as IDisposable;
        if (call.Get(dryRun) || length.Time(call) is not null)
        {
            wanted = Planned(call, new(call, runs, begun), wanted, on, begun);
            if (call.Get(dryRun)) return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        return Train(call, old ?? runs.Create(call.Get(name), Prefix(call, recipe)), wanted, on);
    }

    static int Train(CommandContext call, RunFolder folder, NewRun wanted, Backend on)
    {
        using var run = Open(call, folder, wanted, on);
        var (parameters, steps) = (run.Model.Parameters, wanted.Recipe.Schedule.Steps);
        call.Out.Note(call.Say.Text("train.start", folder.Name, run.Model.Family.Name, parameters,
            run.Tokens.Training, run.Tokens.Validation, steps, wanted.Recipe.Precision));
        var view = new TrainingView(call, run.Steps, steps, parameters);
        try
        {
            run.Run(new()
            {
                Stepped = view.Stepped, Evaluated = view.Evaluated, Sample = Sample,
                Sampled = (_, prompt, answer) => view.Sampled(prompt, answer),
                Doubted = (step, doubt) => view.Say(call.Say.Text($"train.doubt.{doubt}".ToLowerInvariant(), step)),
            }, call.Cancel);
        }
        finally { view.Wipe(); }
        Tell(call, run, run.Steps < steps);
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>Nothing stays of a run that could not be begun.</summary>
    static TrainingRun Open(CommandContext call, RunFolder folder, NewRun wanted, Backend on)
    {
        var isNew = !folder.Exists;
        try
        {
            if (isNew) wanted.Write(call, folder);
            return new(folder, wanted.Recipe, wanted.Texts, on, call.Terminal.Clock, wanted.Fork);
        }
        catch when (isNew)
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    /// <summary>A run goes on as it began: what else is asked for is not done in silence.</summary>
    RunFolder Resumed(CommandContext call, RunStore runs, string named)
    {
        var others = ((Option[])[name, fork, dryRun]).Where(call.IsGiven).Select(o => o.Name);
        if (recipe.Asked(call).Concat(length.Asked(call)).Concat(others).FirstOrDefault() is { } other)
            throw new CliError(2077, other, named);
        return runs.Find(named) ?? throw new CliError(3017, named, runs.Folder);
    }

    /// <summary>The checkpoint of another run that is gone on from with another recipe; null: none.</summary>
    string? Basis(CommandContext call, RunStore runs)
    {
        Exclude(call, recipe.Steps, [.. length.All.Cast<Option>()]);
        Exclude(call, fork, recipe.From);
        if (length.Asked(call).ToArray() is [var one, var other]) throw new CliError(2064, one, other);
        return call.Get(fork) is { } named ? runs.Checkpoint(named) ?? throw new CliError(3028, named, runs.Folder) : null;
    }

    /// <summary>What is asked for, with what it leaves to this machine.</summary>
    Recipe Wanted(CommandContext call, string? basis)
    {
        var read = length.Applied(recipe.Read(call, basis: basis is null ? null : RunOf(basis).RecipePath), call);
        if (length.Time(call) is not null) read = read with { Schedule = read.Schedule with { Steps = Planning.Unknown } };
        var isRounded = read.Precision == "bfloat16" || read.Precision == "auto" && Device.MultipliesBFloat16(Device.Paths().Taken);
        return read with
        {
            Start = read.Start == "random" || basis is not null ? read.Start : call.Models.Resolve(read.Start, call.Say),
            Precision = isRounded ? "bfloat16" : "float32",
            Data = read.Data with { Sources = [.. read.Data.Sources.Select(s => Path.GetFullPath(Path.Combine(call.Terminal.Folder, s)))] },
        };
    }

    /// <summary>A fork keeps that of its checkpoint; another one that is asked for is held against it later.</summary>
    static string Tokenizer(Recipe wanted, string? basis) =>
        basis is not null && RecipeFile.Read(RunOf(basis).RecipePath, []).Data.Tokenizer == wanted.Data.Tokenizer
            ? basis : NewRun.TokenizerOf(wanted);

    static void Exclude(CommandContext call, Option one, params Option[] others)
    {
        if (call.IsGiven(one) && others.FirstOrDefault(call.IsGiven) is { } other) throw new CliError(2064, one.Name, other.Name);
    }

    /// <summary>The run that a checkpoint belongs to.</summary>
    static RunFolder RunOf(string checkpoint) => new(Path.GetDirectoryName(Path.GetDirectoryName(checkpoint))!);

    string Prefix(CommandContext call, Recipe wanted) => call.Get(fork) is { } named ? named.Split('@')[0]
        : Path.GetFileNameWithoutExtension(wanted.Data.Sources[0]);

    /// <summary>What it will come to, told where that is asked for; and the recipe with as many steps as there is time for.</summary>
    NewRun Planned(CommandContext call, Planning planning, NewRun wanted, Backend on, long begun)
    {
        var report = planning.Measured(wanted, on, new() { Sample = Sample });
        if (length.Time(call) is { } time)
        {
            var spent = call.Get(dryRun) ? 0 : call.Terminal.Clock.GetElapsedTime(begun).TotalSeconds - report.Plan.Preparation;
            wanted = wanted with { Recipe = report.Plan.Within(time.TotalSeconds - spent) };
            report = report with { Plan = report.Plan with { Recipe = wanted.Recipe } };
        }
        if (call.Get(dryRun)) call.Out.Result(report.Json, report.Table(call));
        call.Warn(report.Warnings(call));
        return wanted;
    }

    Backend Made(CommandContext call, Recipe wanted) => wanted.Precision == "bfloat16"
        ? Device.OpenRounding(call.Get(threads, Setting.Threads) ?? 0, Device.Paths().Taken)
        : Device.Open(call.Get(threads, Setting.Threads) ?? 0, exact: true);

    static string Sample(Pretrained model, string prompt, int tokens)
    {
        using var session = new Session(model);
        var ids = model.Tokenizer.Encode(prompt, addSpecial: false);
        var settings = new GenerationSettings { MaxTokens = tokens, Sampler = new() { Temperature = 0.8f, Seed = 1 } };
        return string.Concat(session.Answer(ids, settings).Select(p => p.Text));
    }

    static void Tell(CommandContext call, TrainingRun run, bool isUnfinished)
    {
        var path = run.Folder.Newest ?? run.Folder.Path;
        call.Out.Result(
            new()
            {
                ["v"] = 1, ["run"] = run.Folder.Name, ["steps"] = run.Steps, ["validation_loss"] = run.Held,
                ["checkpoint"] = path,
            },
            Table.Pairs(
                (call.Say["train.run"], run.Folder.Name),
                (call.Say["train.steps"], $"{run.Steps:N0}"),
                (call.Say["train.validation"], run.Held is { } loss ? $"{loss:F4}" : "–"),
                (call.Say["train.checkpoint"], path)));
        call.Out.Note(isUnfinished
            ? call.Say.Text("train.go-on", run.Folder.Name) : call.Say.Text("train.use", run.Folder.Name));
    }
}
