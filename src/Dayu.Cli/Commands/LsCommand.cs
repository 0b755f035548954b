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
        foreach (var (name, path, root) in call.Store.All())
        {
            var (bytes, made) = (0L, File.GetLastWriteTimeUtc(path));
            ModelFacts? facts = null;
            try
            {
                bytes = ModelFacts.BytesAt(root ?? path);
                facts = ModelFacts.Of(path);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException)
            {
                call.Out.Warn(call.Say.Text("unusable", name, e.Message));
            }
            var parameters = facts is null ? "?" : Units.Count(facts.Parameters);
            rows.Add([name, parameters, facts?.Context.ToString() ?? "?", facts?.Type ?? "?", Units.Bytes(bytes), "–", Ago(call, made)]);
            items.Add(new()
            {
                ["name"] = name,
                ["path"] = path,
                ["parameters"] = facts?.Parameters,
                ["context"] = facts?.Context,
                ["type"] = facts?.Type,
                ["bytes"] = bytes,
                ["val"] = null,
                ["created"] = made.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            });
        }
        if (items.Count == 0) call.Out.Note(call.Say.Text("none-at-hand", call.Store.Folder));
        foreach (var name in Slot.Unfinished(call.Store)) call.Out.Note(call.Say.Text("unfinished", name));
        call.Out.Result("models", items, new(["NAME", "PARAMS>", "CTX>", "TYPE", "SIZE>", "VAL>", "CREATED"], rows));
        return Exit.Ok;
    }

    static string Ago(CommandContext call, DateTime utc)
    {
        var age = call.Terminal.Clock.GetUtcNow().UtcDateTime - utc;
        return age.TotalMinutes < 1 ? call.Say["just-now"] : age.TotalHours < 1 ? call.Say.Text("minutes-ago", (int)age.TotalMinutes)
            : age.TotalDays < 1 ? call.Say.Text("hours-ago", (int)age.TotalHours) : call.Say.Text("days-ago", (int)age.TotalDays);
    }
}
