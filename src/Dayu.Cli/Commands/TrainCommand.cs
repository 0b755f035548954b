using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Trains a model, or goes on with a training.</summary>
sealed class TrainCommand : CliCommand
{
    readonly RecipeOptions recipe = new();
    readonly Option<string?> name = new("--name") { HelpName = "name" }, resume = new("--resume") { HelpName = "run" };
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [.. recipe.All, name, resume, threads];

    public override int Run(CommandContext call)
    {
        var runs = RunsAtHand.Of(call.Terminal, call.Settings);
        call.Terminal.Interrupts.Grace = TimeSpan.FromMinutes(2);    // a step, and a checkpoint
        var old = call.Get(resume) is { } named ? Resumed(call, runs, named) : ((RunFolder, Recipe)?)null;
        var wanted = old?.Item2 ?? Wanted(call);
        var texts = RunTexts.Read(call, wanted);
        var folder = old?.Item1 ?? runs.Create(call.Get(name), Path.GetFileNameWithoutExtension(wanted.Data.Sources[0].Path));
        var on = Made(call, wanted);
        using var disposed = on as IDisposable;
        using var run = Open(call, folder, wanted, texts, on);
        var parameters = run.Model.Parameters;
        call.Out.Note(call.Say.Text("train.start", folder.Name, run.Model.Family.Name, parameters,
            run.Data.Tokens.Training, run.Data.Tokens.Validation, wanted.Schedule.Steps, wanted.Precision));
        var view = new TrainingView(call, run.Steps, wanted.Schedule.Steps, parameters, wanted.TokenizerName != Recipe.Characters);
        view.Skipped(run.Data);
        var measures = LambadaMeasure.Of(call, wanted.Eval, run.Pretrained);
        try
        {
            run.Run(new()
            {
                Stepped = view.Stepped, Measures = measures, Evaluated = view.Evaluated, Sample = Sample,
                Sampled = (_, prompt, answer) => view.Sampled(prompt, answer),
                Doubted = (step, doubt) => view.Say(call.Say.Text($"train.doubt.{doubt}".ToLowerInvariant(), step)),
            }, call.Cancel);
        }
        finally { view.Wipe(); }
        Tell(call, run, run.Steps < wanted.Schedule.Steps);
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
        if (recipe.Asked(call).Concat(call.Get(name) is null ? [] : ["--name"]).FirstOrDefault() is { } other)
            throw new CliError(2077, other, named);
        var folder = runs.Find(named) ?? throw new CliError(3017, named, runs.Folder);
        return (folder, RecipeFile.Read(folder.RecipePath, []));
    }

    /// <summary>What is asked for, with what it leaves to this machine.</summary>
    Recipe Wanted(CommandContext call)
    {
        var read = recipe.Read(call);
        var isRounded = read.Precision == "bfloat16" || read.Precision == "auto" && Device.MultipliesBFloat16(Device.Paths().Taken);
        return read with
        {
            Precision = isRounded ? "bfloat16" : "float32",
            Eval = IsPath(read.Eval.Lambada) ? read.Eval with { Lambada = Full((string)read.Eval.Lambada!) } : read.Eval,
            Data = read.Data with
            {
                Sources = [.. read.Data.Sources.Select(s => s with { Path = Full(s.Path) })],
                Template = read.Data.Template is { } template ? Full(template) : null,
            },
        };

        string Full(string path) => Path.GetFullPath(Path.Combine(call.Terminal.Folder, path));
        static bool IsPath(JsonNode? lambada) => lambada?.GetValueKind() == JsonValueKind.String;
    }

    Backend Made(CommandContext call, Recipe wanted) => wanted.Precision == "bfloat16"
        ? Device.OpenRounding(call.Get(threads, Setting.Threads) ?? 0, Device.Paths().Taken)
        : Device.Open(call.Get(threads, Setting.Threads) ?? 0, exact: true);

    /// <summary>Recipe, tokenizer and origin of a new run; the recipe comes last: with it there is a run.</summary>
    static void Write(CommandContext call, RunFolder folder, Recipe wanted, string[] texts)
    {
        RunTexts.Write(call, folder, wanted, texts);
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

    static string Sample(Pretrained model, string prompt, int tokens)
    {
        using var session = new Session(model);
        var ids = model.Tokenizer.Encode(prompt, addSpecial: false);
        var settings = new GenerationSettings { MaxTokens = tokens, Sampler = new() { Temperature = 0.8f, Seed = 1 } };
        return string.Concat(session.Answer(ids, settings).Select(p => p.Text));
    }

    static void Tell(CommandContext call, TrainingRun run, bool isUnfinished)
    {
        var (path, epochs) = (run.Folder.Newest ?? run.Folder.Path, run.Data.Epochs(run.Steps));
        call.Out.Result(
            new()
            {
                ["v"] = 1, ["run"] = run.Folder.Name, ["steps"] = run.Steps, ["validation_loss"] = run.Held,
                ["sources"] = new JsonArray([.. epochs.Select(e => (JsonNode)new JsonObject { ["name"] = e.Key, ["epochs"] = e.Value })]),
                ["checkpoint"] = path,
            },
            Table.Pairs(
                (call.Say["train.run"], run.Folder.Name),
                (call.Say["train.steps"], $"{run.Steps:N0}"),
                (call.Say["train.validation"], run.Held is { } loss ? $"{loss:F4}" : "–"),
                (call.Say["train.epochs"], string.Join("  ", epochs.Select(e => $"{e.Key} {e.Value:F2}"))),
                (call.Say["train.checkpoint"], path)));
        call.Out.Note(isUnfinished
            ? call.Say.Text("train.go-on", run.Folder.Name) : call.Say.Text("train.use", run.Folder.Name));
    }
}
