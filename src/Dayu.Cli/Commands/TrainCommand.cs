using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Trains a model, or several by recipes that differ, or goes on with a training.</summary>
sealed class TrainCommand : CliCommand
{
    readonly RecipeOptions recipe = new();
    readonly SweepOptions sweep = new();
    readonly Option<string?> name = new("--name") { HelpName = "name" }, resume = new("--resume") { HelpName = "run" };
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [.. recipe.All, .. sweep.All, name, resume, threads];

    public override int Run(CommandContext call)
    {
        var runs = RunsAtHand.Of(call.Terminal, call.Settings);
        call.Terminal.Interrupts.Grace = TimeSpan.FromMinutes(2);    // a step, and a checkpoint
        if (call.Get(resume) is { } named)
        {
            var (old, followed) = Resumed(call, runs, named);
            return Train(call, followed, () => old, Tell);
        }
        var wanted = Wanted(call);
        var prefix = Path.GetFileNameWithoutExtension(wanted.Data.Sources[0]);
        if (!sweep.Asked(call).Any()) return Train(call, wanted, () => runs.Create(call.Get(name), prefix), Tell);
        var all = new Sweep(call, runs, sweep.Read(call, wanted.Seed), s => Wanted(call, s.Values));
        return all.Run(call.Get(name) ?? RunStore.NameOf(prefix), (old, named, followed) =>
            Train(call, followed, () => old ?? runs.Create(named, prefix), tell: null));
    }

    /// <summary>One run, begun or gone on with.</summary>
    int Train(CommandContext call, Recipe wanted, Func<RunFolder> made, Action<CommandContext, TrainingRun, bool>? tell)
    {
        var origin = call.IsGiven(resume) ? RecipeOptions.KeyOfData : recipe.NameOfData(call);
        string[] texts = [.. wanted.Data.Sources.Select(s => new TextFile(call, s, origin).Whole())];
        var folder = made();                                         // once the texts are there: with it the name is taken
        var on = Made(call, wanted);
        using var disposed = on as IDisposable;
        using var run = Open(call, folder, wanted, texts, on);
        var parameters = run.Model.Parameters;
        call.Out.Note(call.Say.Text("train.start", folder.Name, run.Model.Family.Name, parameters,
            run.Tokens.Training, run.Tokens.Validation, wanted.Schedule.Steps, wanted.Precision));
        var view = new TrainingView(call, run.Steps, wanted.Schedule.Steps, parameters);
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
        tell?.Invoke(call, run, run.Steps < wanted.Schedule.Steps);
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>Nothing stays of a run that could not be begun.</summary>
    static TrainingRun Open(CommandContext call, RunFolder folder, Recipe wanted, string[] texts, Backend on)
    {
        var isNew = !folder.Exists;
        try
        {
            if (isNew) Write(call, folder, wanted, texts);
            return new(folder, wanted, texts, on, call.Terminal.Clock);
        }
        catch when (isNew)
        {
            Directory.Delete(folder.Path, recursive: true);
            throw;
        }
    }

    /// <summary>A run goes on as it began: what else is asked for is not done in silence.</summary>
    (RunFolder, Recipe) Resumed(CommandContext call, RunStore runs, string named)
    {
        if (recipe.Asked(call).Concat(sweep.Asked(call)).Concat(call.Get(name) is null ? [] : ["--name"]).FirstOrDefault() is { } other)
            throw new CliError(2077, other, named);
        var folder = runs.Find(named) ?? throw new CliError(3017, named, runs.Folder);
        return (folder, RecipeFile.Read(folder.RecipePath, []));
    }

    /// <summary>What is asked for, with what it leaves to this machine.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="more">Values of a sweep.</param>
    Recipe Wanted(CommandContext call, IEnumerable<KeyValuePair<string, string>>? more = null)
    {
        var read = recipe.Read(call, more: more);
        if (read.Data.Sources.Contains(StandardInput.Name)) throw new CliError(2084, recipe.NameOfData(call));
        var isRounded = read.Precision == "bfloat16" || read.Precision == "auto" && Device.MultipliesBFloat16(Device.Paths().Taken);
        return read with
        {
            Precision = isRounded ? "bfloat16" : "float32",
            Data = read.Data with { Sources = [.. read.Data.Sources.Select(s => Path.GetFullPath(Path.Combine(call.Terminal.Folder, s)))] },
        };
    }

    Backend Made(CommandContext call, Recipe wanted) => wanted.Precision == "bfloat16"
        ? Device.OpenRounding(call.Get(threads, Setting.Threads) ?? 0, Device.Paths().Taken)
        : Device.Open(call.Get(threads, Setting.Threads) ?? 0, exact: true);

    /// <summary>Recipe, tokenizer and origin of a new run; the recipe comes last: with it there is a run.</summary>
    static void Write(CommandContext call, RunFolder folder, Recipe wanted, string[] texts)
    {
        var tokenizer = wanted.Data.Tokenizer ?? (wanted.Start == "random" ? "characters" : wanted.Start);
        if (tokenizer == "characters") File.WriteAllText(folder.TokenizerPath, CharacterTokenizer.Of(texts).ToJsonString());
        else File.Copy(TokenizerFile(Path.Combine(call.Terminal.Folder, tokenizer)), folder.TokenizerPath);
        File.WriteAllText(folder.OriginPath, new JsonObject
        {
            ["version"] = 1,
            ["program"] = typeof(App).Assembly.GetName().Version!.ToString(3),
            ["machine"] = Processor.Name(),
            ["path"] = Device.Paths().Taken,
            ["begun"] = call.Terminal.Clock.GetUtcNow().ToString("O"),
        }.ToJsonString() + "\n");
        WholeFile.Write(folder.RecipePath, Encoding.UTF8.GetBytes(RecipeFile.Text(wanted)));
    }

    static string TokenizerFile(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        return File.Exists(file) && file.EndsWith(".json", StringComparison.Ordinal) ? file : throw new CliError(2074, path);
    }

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
