using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Gets a model from the Hugging Face hub, or any file by its address.</summary>
sealed class PullCommand : CliCommand
{
    readonly Argument<string> source = new("source");
    readonly Option<string?> name = new("--as") { HelpName = "name" }, file = new("--file") { HelpName = "pattern" };
    readonly Option<string?> revision = new("--revision") { HelpName = "branch" };

    public override IEnumerable<Symbol> Takes => [source, name, file, revision];

    public override string[] Variables => ["HF_ENDPOINT", "HF_TOKEN", "HTTPS_PROXY"];

    public override int Run(CommandContext call)
    {
        var wanted = call.Get(source)!;
        if (Path.Exists(Path.Combine(call.Terminal.Folder, wanted))) throw new CliError(2039, wanted);
        var parsed = PullSource.Of(wanted, call.Get(file), call.Get(revision));
        var resume = Resume(call, wanted);
        using var slot = Slot.Hold(call.Store, call.Get(name) ?? parsed.Name);
        slot.CheckFree();
        try
        {
            var (manifest, isNew) = new Pull(call, parsed, slot, resume).Run().GetAwaiter().GetResult();
            var model = slot.Model ?? throw new CliError(3012, parsed.Text);
            if (isNew) Try(call, model);
            var done = call.Say.Text(isNew ? "pull.done" : "pull.current", Units.Bytes(manifest.Bytes), model.Root!);
            call.Out.Result(Json(model, manifest, isNew), Table.Pairs((model.Name, done)));
            return Exit.Ok;
        }
        catch (OperationCanceledException)
        {
            call.Out.Warn(call.Say.Text("pull.stopped", resume));
            throw;
        }
    }

    static JsonObject Json(ModelStore.Found model, Manifest manifest, bool isNew) => new()
    {
        ["v"] = 1,
        ["name"] = model.Name,
        ["path"] = model.Root,
        ["source"] = manifest.Source,
        ["revision"] = manifest.Revision,
        ["bytes"] = manifest.Bytes,
        ["files"] = manifest.Files.Select(f => f.Json).ToJson(),
        ["is_new"] = isNew,
    };

    /// <summary>A model of a family that this build does not know is kept: it is what was asked for.</summary>
    static void Try(CommandContext call, ModelStore.Found model)
    {
        try { _ = ModelFacts.Of(model.Path); }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            call.Out.Warn(call.Say.Text("unusable", model.Name, e.Message));
        }
    }

    /// <summary>The same command, as a shell takes it.</summary>
    string Resume(CommandContext call, string wanted)
    {
        var folder = call.Settings.Find(Setting.DataFolder) is { Origin: "--data-dir" } said ? said.Value : null;
        (string Name, string? Value)[] options =
        [
            ("", wanted),
            ("--as ", call.Get(name)),
            ("--file ", call.Get(file)),
            ("--revision ", call.Get(revision)),
            ("--data-dir ", folder),
        ];
        return "dayu pull " + string.Join(' ', options.Where(o => o.Value is not null).Select(o => o.Name + Quoted(o.Value!)));
    }

    static string Quoted(string word) => word.All(NeedsNoQuotes) ? word : $"'{word.Replace("'", "'\\''")}'";

    static bool NeedsNoQuotes(char c) => char.IsLetterOrDigit(c) || "/:._-+=@,%".Contains(c);
}
