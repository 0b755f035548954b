using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>One training, begun or gone on with, as a person sees it.</summary>
static class OneRun
{
    const int Compared = 4096;                                       // characters

    /// <summary>Trains to the end, or until Ctrl-C.</summary>
    /// <param name="call">Who trains.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="wanted">What it is given.</param>
    /// <param name="on">Where it is computed.</param>
    /// <param name="tells">Whether it is told what came of it.</param>
    public static int Train(CommandContext call, RunFolder folder, NewRun wanted, Backend on, bool tells)
    {
        var isNew = !folder.Exists;
        using var run = Open(call, folder, wanted, on);
        if (isNew && call.Cancel.IsCancellationRequested)            // while the texts were read: there is nothing to go on with
        {
            run.Dispose();
            folder.Remove();
            return call.Terminal.Interrupts.Code ?? Exit.Ok;
        }
        if (isNew) Warn(call, wanted, run);
        var (parameters, steps) = (run.Model.Parameters, wanted.Recipe.Schedule.Steps);
        call.Out.Note(call.Say.Text("train.start", folder.Name, run.Model.Family.Name, parameters,
            run.Data.Tokens.Training, run.Data.Tokens.Validation, steps, wanted.Recipe.Precision));
        var view = new TrainingView(call, run.Steps, steps, parameters, wanted.Recipe.TokenizerName != Recipe.Characters);
        view.Skipped(run.Data);
        using var referring = new Progress(call, call.Say["train.reference"], "pairs");
        try
        {
            run.Run(new()
            {
                Referred = (done, all) =>
                {
                    referring.Report(done, all);
                    if (done == all) referring.Dispose();
                },
                Stepped = view.Stepped, Mixed = view.Mixed, Evaluated = view.Evaluated, Sample = Sample,
                Sampled = (_, prompt, answer) => view.Sampled(prompt, answer),
                Doubted = (step, doubt) => view.Say(call.Say.Text($"train.doubt.{doubt}".ToLowerInvariant(), step)),
            }, call.Cancel);
        }
        finally { view.Wipe(); }
        if (tells) Tell(call, run, run.Steps < steps);
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>Nothing stays of a run that could not be begun.</summary>
    static TrainingRun Open(CommandContext call, RunFolder folder, NewRun wanted, Backend on)
    {
        var isNew = !folder.Exists;
        TrainingRun? run = null;
        try
        {
            if (isNew) wanted.Write(call, folder);
            run = new(folder, wanted.Recipe, wanted.Sources, on, call.Terminal.Clock);
            run.Measures = LambadaMeasure.Of(call, wanted.Recipe.Eval, run.Pretrained);
            return run;
        }
        catch when (isNew)
        {
            run?.Dispose();
            folder.Remove();
            throw;
        }
    }

    /// <summary>With another tokenizer than its own, what a model has learnt of each token is now said of another.</summary>
    static void Warn(CommandContext call, NewRun wanted, TrainingRun run)
    {
        if (wanted.Recipe.Start == Recipe.Random || wanted.Fork is not null || wanted.Recipe.Data.Tokenizer is null) return;
        if (wanted.Sources.Contents.OfType<SourceText>().SelectMany(s => s.Documents).FirstOrDefault() is not { Text: var whole }) return;
        try
        {
            using var checkpoint = Checkpoint.Open(wanted.Recipe.Start);
            var (text, own) = (whole[..Math.Min(Compared, whole.Length)], TokenizerFiles.Of(checkpoint));
            if (!own.Encode(text, addSpecial: false).SequenceEqual(run.Pretrained.Tokenizer.Encode(text, addSpecial: false)))
                call.Out.Warn(call.Say.Text("train.other-tokenizer", wanted.Recipe.Start));
        }
        catch (TokenizerNotFoundException) { }                       // it has none of its own
    }

    /// <summary>How the model goes on with a prompt, so that one sees what it has learnt.</summary>
    public static string Sample(Pretrained model, string prompt, int tokens)
    {
        using var session = new Session(model);
        var ids = model.Tokenizer.Encode(prompt, addSpecial: false);
        var settings = new GenerationSettings { MaxTokens = tokens, Sampler = new() { Temperature = 0.8f, Seed = 1 } };
        return string.Concat(session.Answer(ids, settings).Select(p => p.Text));
    }

    /// <summary>What came of it.</summary>
    static void Tell(CommandContext call, TrainingRun run, bool isUnfinished)
    {
        var (path, epochs) = (run.Folder.Newest ?? run.Folder.Path, run.Data.Epochs(run.Steps));
        call.Out.Result(
            new()
            {
                ["v"] = 1, ["run"] = run.Folder.Name, ["steps"] = run.Steps, ["validation_loss"] = run.Held,
                ["sources"] = epochs.Select(e => new JsonObject { ["name"] = e.Key, ["epochs"] = e.Value }).ToJson(),
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
