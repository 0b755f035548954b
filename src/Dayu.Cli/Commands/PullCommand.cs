using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Gets a model from the Hugging Face hub, or any file by its address; without one, lists those with short names.</summary>
sealed class PullCommand : CliCommand
{
    readonly Argument<string?> source = new("source") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> name = new("--as") { HelpName = "name" };
    readonly Option<string?> revision = new("--revision") { HelpName = "branch" };
    readonly Option<string?> file = new("--file") { HelpName = "pattern" };

    public PullCommand() => source.CompletionSources.Add([.. KnownModels.All.Select(m => m.Name)]);

    public override IEnumerable<Symbol> Takes => [source, name, file, revision];

    public override string[] Variables => ["HF_ENDPOINT", "HF_TOKEN", "HTTPS_PROXY"];

    public override int Run(CommandContext call)
    {
        if (call.Get(source) is not { } wanted) return List(call);
        if (Path.Exists(Path.Combine(call.Terminal.Folder, wanted))) throw new CliError(2039, wanted);
        var parsed = PullSource.Parse(wanted, call.Get(file), call.Get(revision));
        var resume = Resume(call, wanted);
        using var slot = call.Store.Hold(call.Get(name) ?? parsed.Name);
        try
        {
            var result = Pull(call, parsed, slot, resume);
            if (result.IsNew) Try(call, result.Model);
            call.Out.Result(Json(result), Table.Pairs((result.Model.Name, Done(call, result))));
            return Exit.Ok;
        }
        catch (OperationCanceledException)
        {
            call.Out.Warn(call.Say.Text("pull.stopped", resume));
            throw;
        }
    }

    int List(CommandContext call)
    {
        if (call.Get(name) is not null || call.Get(file) is not null || call.Get(revision) is not null) throw new CliError(2015);
        KnownModelTable.Print(call);
        return Exit.Ok;
    }

    static PullResult Pull(CommandContext call, PullSource source, ModelSlot slot, string resume)
    {
        using var report = new PullReport(call, source, resume);
        var options = new PullOptions(Hubs(call), call.Terminal.Clock)
        {
            Token = Token(call),
            Replace = call.Yes,
            Progress = report.Tell,
        };
        try { return new ModelPull(source, slot, options).Run(call.Cancel).GetAwaiter().GetResult(); }
        catch (HubUnreachableException e) { throw report.Unreachable(e); }
        catch (ModelExistsException e) { throw new CliError(2037, e.Name, Origin(e.Manifest)); }
    }

    static Uri[] Hubs(CommandContext call) =>
        [.. Setting.Items(call.Settings.Text(Setting.Mirrors)!).Select(h => new Uri(h.TrimEnd('/') + "/"))];

    /// <summary>The user's token for the hub.</summary>
    static string? Token(CommandContext call)
    {
        var token = (call.Terminal.Variable("HF_TOKEN") ?? call.Terminal.Variable("HUGGING_FACE_HUB_TOKEN"))?.Trim();
        return token is null || token.All(c => c is > ' ' and < '\x7f') ? token : throw new CliError(2038);
    }

    static string Origin(Manifest? manifest) => manifest is null ? "?"
        : $"{manifest.Source} ({manifest.Files.FirstOrDefault()?.Path}{(manifest.Files.Length > 1 ? ", …" : "")})";

    /// <summary>A model of a family that this build does not know is kept: it is what was asked for.</summary>
    static void Try(CommandContext call, StoredModel model)
    {
        try { _ = ModelFacts.Of(model.Path); }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException)
        {
            call.Out.Warn(call.Say.Text("unusable", model.Name, e.Message));
        }
    }

    static JsonObject Json(PullResult result) => new()
    {
        ["v"] = 1,
        ["name"] = result.Model.Name,
        ["path"] = result.Model.Root,
        ["source"] = result.Manifest.Source,
        ["revision"] = result.Manifest.Revision,
        ["bytes"] = result.Manifest.Bytes,
        ["files"] = new JsonArray([.. result.Manifest.Files.Select(f => f.ToJson())]),
        ["is_new"] = result.IsNew,
    };

    static string Done(CommandContext call, PullResult result) =>
        call.Say.Text(result.IsNew ? "pull.done" : "pull.current", Units.Bytes(result.Manifest.Bytes), result.Model.Root);

    /// <summary>The same command, as a shell takes it.</summary>
    string Resume(CommandContext call, string wanted)
    {
        var folder = call.Settings.Find(Setting.DataFolder) is { Origin: "--data-dir" } said ? said.Value : null;
        (string, string?)[] words =
        [
            ("", wanted),
            ("--as ", call.Get(name)),
            ("--file ", call.Get(file)),
            ("--revision ", call.Get(revision)),
            ("--data-dir ", folder),
        ];
        return "dayu pull " + string.Join(' ', words.Where(w => w.Item2 is not null).Select(w => w.Item1 + ShellWord.Quoted(w.Item2!)));
    }
}
