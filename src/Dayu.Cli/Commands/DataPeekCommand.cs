using System.CommandLine;
using Dayu.Hub;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>One document of a file, through every step that looks at it alone.</summary>
sealed class DataPeekCommand : CliCommand
{
    readonly Argument<string> file = new("file");
    readonly Option<int?> number = new("--document", "-n") { HelpName = "n" };
    readonly CorpusFileOptions files = new();
    readonly Option<string?> quality = new("--quality"), tokenizer = new("--tokenizer") { HelpName = "file" };

    public DataPeekCommand() => quality.AcceptOnlyFromAmong([.. Enum.GetNames<QualityRules>().Select(n => n.ToLowerInvariant())]);

    public override IEnumerable<Symbol> Takes => [file, number, .. files.All, quality, tokenizer];

    public override Format[] Formats => [Format.Table, Format.Json];

    public override int Run(CommandContext call)
    {
        var path = InputFile.Check(Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(file)!)), "FILE");
        if (Directory.Exists(path)) throw new CliError(2080, "FILE", path);
        var wanted = call.Get(number) ?? 1;
        if (wanted < 1) throw new CliError(2006, call.Say.Text("not-positive", number.Name, wanted));
        var whose = InputFile.Of(call, tokenizer) is { } named ? TokenizerFiles.Open(named) : null;
        var rules = call.Get(quality) is { } said ? Enum.Parse<QualityRules>(said, ignoreCase: true) : QualityRules.Auto;
        var skipped = new List<SkippedDocument>();
        var at = 0;
        foreach (var document in CorpusFile.Read(path, files.Of(call), skipped.Add))
        {
            call.Cancel.ThrowIfCancellationRequested();
            if (++at < wanted) continue;
            new PeekReport(call.Say, document, rules, whose).Tell(call);
            return Exit.Ok;
        }
        throw skipped.Count == 0 ? new CliError(3029, path, at, wanted)
            : new CliError(7122, path, at, skipped.Count, skipped[^1].Place, skipped[^1].Reason);
    }
}
