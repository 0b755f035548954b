using System.CommandLine;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Learns a tokenizer from texts.</summary>
sealed class TokenizerTrainCommand : CliCommand
{
    readonly Argument<string[]> files = new("path") { Arity = ArgumentArity.OneOrMore };
    readonly TokenizerTrainingOptions wanted = new();
    readonly Option<string> output = new("--out", "-o") { HelpName = "file", DefaultValueFactory = _ => "tokenizer.json" };
    readonly Option<string?> test = new("--test") { HelpName = "file" };

    public override IEnumerable<Symbol> Takes => [files, output, .. wanted.All, test];

    public override int Run(CommandContext call)
    {
        var options = wanted.Of(call);
        var target = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(output)!));
        InputFile.CheckTarget(target, output.Name);
        var beside = Beside(target);
        foreach (var file in (string?[])[target, beside])
            if (File.Exists(file) && !call.Yes) throw new CliError(2005, file);
        var texts = new TextBlocks(call, call.Get(files)!, "FILE");
        var others = call.Get(test) is { } name ? new TextBlocks(call, [name], test.Name) : null;
        texts.Check();
        others?.Check();

        var trained = Train(call, texts, options);
        var start = call.Terminal.Clock.GetTimestamp();
        var use = trained.Measure(options.Threads);
        var tested = others is null ? null : trained.Measure(others.Read(), options.Threads, call.Cancel);
        var measuring = call.Terminal.Clock.GetElapsedTime(start);
        call.Cancel.ThrowIfCancellationRequested();
        WholeFile.Write(target, trained.Json.ToArray());
        if (beside is not null && trained.Config.Length > 0) WholeFile.Write(beside, trained.Config.ToArray());
        new TrainedTokenizerReport(target, options, trained, use, tested, measuring).Tell(call);
        return Exit.Ok;
    }

    /// <summary>The file that says which token ends a text; null: the tokenizer's name leaves none for it.</summary>
    static string? Beside(string target) => target.EndsWith("tokenizer.json", StringComparison.Ordinal)
        ? target[..^".json".Length] + "_config.json" : null;

    static TrainedTokenizer Train(CommandContext call, TextBlocks texts, TokenizerTraining options)
    {
        using var reading = new Progress(call, call.Say["tokenizer.train.counting"], "bytes") { Show = Units.Bytes };
        using var learning = new Progress(call, call.Say["tokenizer.train.learning"], "tokens");
        return TokenizerTrainer.Train(texts.Read(reading.Report), options, call.Terminal.Clock, (stage, done) =>
        {
            if (stage == TrainingStage.Learn) learning.Report(done, options.VocabularySize);
        }, call.Cancel);
    }
}
