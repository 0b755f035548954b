using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>What was written.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Kind">folder, gguf or adapter.</param>
/// <param name="Family">The model's; null: an adapter's is not asked for.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="Format">Number format of the matrices.</param>
sealed record ExportReport(string Path, string Kind, string? Family, long Parameters, string Format)
{
    readonly long bytes = ModelStore.BytesAt(Path);

    string[] Files => Directory.Exists(Path)
        ? [.. Directory.EnumerateFiles(Path).Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The tokenizer that lies in the folder; null: none does.</summary>
    string? Tokenizer => Directory.Exists(Path) && TokenizerFiles.Find(Path) is { } file ? System.IO.Path.GetFileName(file) : null;

    public void Tell(CommandContext call)
    {
        call.Out.Result(
            new()
            {
                ["v"] = 1,
                ["path"] = Path,
                ["kind"] = Kind,
                ["family"] = Family,
                ["parameters"] = Parameters,
                ["format"] = Format,
                ["bytes"] = bytes,
                ["files"] = Files.ToJson(),
            },
            Table.Pairs(
            [
                (call.Say["show.path"], Path),
                (call.Say["show.kind"], call.Say[$"export.{Kind}"]),
                (call.Say["show.parameters"], $"{Units.Count(Parameters)} ({Parameters:N0})"),
                (call.Say["show.size"], call.Say.Text("show.size-of", Format, Units.Bytes(bytes))),
                .. Files.Length > 0 ? [(call.Say["export.files"], string.Join(", ", Files))] : ((string, string)[])[],
            ]));
        if (Kind != "folder") return;
        if (Family is { } name && Families.Known.First(f => f.Name == name).IsOwn) call.Out.Warn(call.Say.Text("export.own", name));
        if (Tokenizer is null) call.Out.Warn(call.Say["export.no-tokenizer"]);
        else if (Tokenizer == "tokenizer.gguf") call.Out.Warn(call.Say.Text("export.tokenizer", Tokenizer));
    }
}
