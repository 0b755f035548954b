using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Models at hand.</summary>
sealed class LsCommand : CliCommand
{
    public override IEnumerable<Symbol> Takes => [];

    public override int Run(CommandContext call)
    {
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var model in call.Models.All())
        {
            var (bytes, facts) = Look(call, model);
            var created = File.GetLastWriteTimeUtc(model.Path);
            items.Add(Json(model, bytes, facts, created));
            rows.Add(Row(call, model, bytes, facts, created));
        }
        if (items.Count == 0) call.Out.Note(call.Models.NoneAtHand(call.Say));
        foreach (var name in call.Store.Unfinished()) TellUnfinished(call, name);
        call.Out.Result("models", items, new(["NAME", "PARAMS>", "CTX>", "TYPE", "SIZE>", "VAL>", "CREATED"], rows));
        return Exit.Ok;
    }

    /// <summary>A pull of which nothing has come is nothing to go on with.</summary>
    static void TellUnfinished(CommandContext call, string name)
    {
        if (call.Store.UnfinishedBytes(name) is not (> 0 and var bytes)) return;
        call.Out.Note(call.Say.Text(call.Store.CanContinue(name) ? "unfinished" : "leftover", name, Units.Bytes(bytes)));
    }

    /// <summary>What there is to say of a model; one that cannot be used is told of, and listed all the same.</summary>
    static (long Bytes, ModelFacts? Facts) Look(CommandContext call, ModelAtHand model)
    {
        var bytes = 0L;
        try
        {
            bytes = ModelStore.BytesAt(model.Root);
            return (bytes, ModelFacts.Of(model.Path));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException)
        {
            call.Out.Warn(call.Say.Text("unusable", model.Name, e.Message));
            return (bytes, null);
        }
    }

    static JsonObject Json(ModelAtHand model, long bytes, ModelFacts? facts, DateTime created) => new()
    {
        ["name"] = model.Name,
        ["path"] = model.Path,
        ["parameters"] = facts?.Parameters,
        ["context"] = facts?.Context,
        ["type"] = facts?.Type,
        ["bytes"] = bytes,
        ["val"] = null,
        ["created"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
    };

    static string[] Row(CommandContext call, ModelAtHand model, long bytes, ModelFacts? facts, DateTime created) =>
    [
        model.Name,
        facts is null ? "?" : Units.Count(facts.Parameters),
        facts?.Context.ToString() ?? "?",
        facts?.Type ?? "?",
        Units.Bytes(bytes),
        "–",
        Ago(call.Say, call.Terminal.Clock.GetUtcNow().UtcDateTime - created),
    ];

    static string Ago(Strings say, TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => say["just-now"],
        { TotalHours: < 1 } => say.Text("minutes-ago", (int)age.TotalMinutes),
        { TotalDays: < 1 } => say.Text("hours-ago", (int)age.TotalHours),
        _ => say.Text("days-ago", (int)age.TotalDays),
    };
}
