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
    readonly Option<string?> name = new("--name") { HelpName = "name" }, resume = new("--resume") { HelpName = "run" };
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [.. recipe.All, name, resume, threads];

    public override int Run(CommandContext call)
    {
        var runs = RunsAtHand.Of(call.Terminal, call.Settings);
        var (folder, wanted) = call.Get(resume) is { } old ? Resumed(runs, old) : Begun(call, runs);
        string[] texts = [.. wanted.Data.Sources.Select(s => new TextFile(call, s).Whole())];
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
        var loss = call.Cancel.IsCancellationRequested ? double.NaN : run.Validation();
        Tell(call, run, loss);
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
            if (Directory.Exists(folder.Path)) Directory.Delete(folder.Path, recursive: true);
            if (Path.GetDirectoryName(folder.Path) is { } runs && !Directory.EnumerateFileSystemEntries(runs).Any()) Directory.Delete(runs);
            throw;
        }
    }

    static (RunFolder, Recipe) Resumed(RunStore runs, string name)
    {
        var folder = runs.Find(name) ?? throw new CliError(3017, name, runs.Folder);
        return (folder, RecipeFile.Read(folder.RecipePath, []));
    }

    (RunFolder, Recipe) Begun(CommandContext call, RunStore runs)
    {
        var read = recipe.Read(call);
        var prefix = Path.GetFileNameWithoutExtension(read.Data.Sources[0]);
        var isRounded = read.Precision == "bfloat16" || read.Precision == "auto" && Device.MultipliesBFloat16(Device.Paths().Taken);
        return (runs.Create(call.Get(name), prefix), read with
        {
            Precision = isRounded ? "bfloat16" : "float32",
            Data = read.Data with { Sources = [.. read.Data.Sources.Select(s => Path.GetFullPath(Path.Combine(call.Terminal.Folder, s)))] },
        });
    }

    Backend Made(CommandContext call, Recipe wanted) => wanted.Precision == "bfloat16"
        ? Device.OpenRounding(call.Get(threads, Setting.Threads) ?? 0, Device.Paths().Taken)
        : Device.Open(call.Get(threads, Setting.Threads) ?? 0, exact: true);

    /// <summary>Recipe, tokenizer and origin of a new run; the recipe comes last: with it there is a run.</summary>
    static void Write(CommandContext call, RunFolder folder, Recipe wanted, string[] texts)
    {
        Directory.CreateDirectory(folder.Path);
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
        File.WriteAllText(folder.RecipePath, RecipeFile.Text(wanted));
    }

    static string TokenizerFile(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        return File.Exists(file) && file.EndsWith(".json", StringComparison.Ordinal) ? file : throw new CliError(2074, path);
    }

    static string Sample(Pretrained model, string prompt, int tokens)
    {
        using var session = new Session(model);
        int[] ids = [.. model.Tokenizer.Encode(prompt, addSpecial: false)];
        if (ids.Length == 0) return "";
        var settings = new GenerationSettings { MaxTokens = tokens, Sampler = new() { Temperature = 0.8f, Seed = 1 } };
        return string.Concat(session.Answer(ids, settings).Select(p => p.Text));
    }

    static void Tell(CommandContext call, TrainingRun run, double loss)
    {
        var path = run.Folder.Newest ?? run.Folder.Path;
        call.Out.Result(
            new()
            {
                ["v"] = 1, ["run"] = run.Folder.Name, ["steps"] = run.Steps, ["validation_loss"] = double.IsNaN(loss) ? null : loss,
                ["checkpoint"] = path,
            },
            Table.Pairs(
                (call.Say["train.run"], run.Folder.Name),
                (call.Say["train.steps"], $"{run.Steps:N0}"),
                (call.Say["train.validation"], double.IsNaN(loss) ? "–" : $"{loss:F4}"),
                (call.Say["train.checkpoint"], path)));
        call.Out.Note(call.Cancel.IsCancellationRequested
            ? call.Say.Text("train.go-on", run.Folder.Name) : call.Say.Text("train.use", run.Folder.Name));
    }
}
