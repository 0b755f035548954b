using System.CommandLine;
using System.Text;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Makes a corpus of files, and shards of it where there is a tokenizer.</summary>
sealed class DataPrepareCommand : CliCommand
{
    readonly NamedInputs inputs = new();
    readonly Option<string?> output = new("--out", "-o") { HelpName = "folder" };
    readonly CleaningChoice choice = new();
    readonly Option<string[]?> exclude = new("--exclude") { HelpName = "file" }, eval = new("--eval") { HelpName = "file" };
    readonly Option<string?> tokenizer = new("--tokenizer") { HelpName = "file" },
        idTokenizer = new("--id-tokenizer") { HelpName = "file" };
    readonly Option<int?> threads = new("--threads", "-t") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [.. inputs.All, output, .. choice.Symbols, exclude, eval, tokenizer, idTokenizer, threads];

    public override int Run(CommandContext call)
    {
        var processors = call.Get(threads, Setting.Threads) ?? Environment.ProcessorCount;
        var whose = InputFile.Of(call, tokenizer);
        var corpus = Prepared(call) ?? Clean(call, processors);
        var report = new PrepareReport(call.Say, corpus);
        if (corpus.Files.Count == 0)
        {
            WriteHtml(call, report);
            report.Tell(call);
            throw new CliError(7120, corpus.Folder);
        }
        if (whose is not null) report = report with { Shards = Tokenise(call, corpus, whose, processors) };
        WriteHtml(call, report);
        report.Tell(call);
        return Exit.Ok;
    }

    /// <summary>The only path is a corpus: it is not made again.</summary>
    PreparedCorpus? Prepared(CommandContext call)
    {
        if (call.Get(inputs.Paths) is not [var only] || call.IsGiven(output)) return null;
        return PreparedCorpus.Open(Path.GetFullPath(Path.Combine(call.Terminal.Folder, only)));
    }

    PreparedCorpus Clean(CommandContext call, int processors)
    {
        if (call.Get(output) is not { } named) throw new CliError(2060, output.Name, "dayu data prepare");
        var ids = InputFile.Of(call, idTokenizer);
        var found = inputs.Find(call, withIds: ids is not null);
        var job = new CleaningJob
        {
            Folder = Path.GetFullPath(Path.Combine(call.Terminal.Folder, named)), Inputs = found.Files, Options = choice.Of(call),
            Evaluations = [.. Files(call, exclude).Select(p => (p, true)), .. Files(call, eval).Select(p => (p, false))],
            IdTokenizer = ids, Threads = processors,
        };
        using var progress = new Progress(call, call.Say["data.cleaning"], "bytes") { Show = Units.Bytes };
        try
        {
            using var cleaning = Begin(call, job);
            return cleaning.Run(progress.Report, call.Cancel);
        }
        catch (OperationCanceledException)
        {
            progress.Dispose();
            call.Out.Note(call.Say["data.stopped"]);
            throw;
        }
    }

    static Cleaning Begin(CommandContext call, CleaningJob job)
    {
        try { return new(job); }
        catch (CorpusException e) when (e.IsOther)
        {
            return call.Yes ? new(job, anew: true) : throw new CliError(2121, e.Message);
        }
    }

    ShardReport Tokenise(CommandContext call, PreparedCorpus corpus, string whose, int processors)
    {
        using var progress = new Progress(call, call.Say["data.tokenising"], "bytes") { Show = Units.Bytes };
        try
        {
            using var tokenising = new Tokenising(corpus, whose, processors);
            var sets = tokenising.Run(progress.Report, call.Cancel);
            return new(tokenising.Folder, tokenising.Tokenizer.VocabularySize, sets);
        }
        catch (OperationCanceledException)
        {
            progress.Dispose();
            call.Out.Note(call.Say["data.stopped"]);
            throw;
        }
    }

    static IEnumerable<string> Files(CommandContext call, Option<string[]?> option) =>
        (call.Get(option) ?? []).Select(p => InputFile.Check(Path.GetFullPath(Path.Combine(call.Terminal.Folder, p)), option.Name));

    static void WriteHtml(CommandContext call, PrepareReport report) =>
        WholeFile.Write(report.HtmlPath, Encoding.UTF8.GetBytes(PrepareHtml.Of(call.Say, report)));
}
