using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Trainings for other programs to look at.</summary>
sealed class RunsExportCommand : CliCommand
{
    readonly Argument<string[]> names = new("runs") { Arity = ArgumentArity.OneOrMore };
    readonly Option<string> tensorBoard = new("--tensorboard") { HelpName = "folder", Required = true };

    public override IEnumerable<Symbol> Takes => [names, tensorBoard];

    public override int Run(CommandContext call)
    {
        var to = Path.Combine(call.Terminal.Folder, call.Get(tensorBoard)!);
        (RunSummary Run, string File)[] all = [.. (call.Get(names) ?? []).Distinct().Select(n => new RunSummary(RunsAtHand.Find(call, n)))
            .Select(r => (r, Path.Combine(to, r.Run.Name, TensorBoardExport.FileName(r))))];
        foreach (var (_, file) in all)
            if (Path.Exists(file) && !call.Yes) throw new CliError(2005, file);
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var (run, file) in all)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var events = 0L;
            WholeFile.Write(file, stream => events = TensorBoardExport.Write(run, stream));
            items.Add(new() { ["name"] = run.Run.Name, ["file"] = file, ["events"] = events });
            rows.Add([run.Run.Name, file, $"{events:N0}"]);
        }
        call.Out.Result("exported", items, new([call.Say["runs.name"], call.Say["runs.file"], call.Say["runs.events"] + ">"], rows));
        call.Out.Note(call.Say.Text("runs.tensorboard", ShellWord.Quoted(call.Get(tensorBoard)!)));
        return Exit.Ok;
    }
}
