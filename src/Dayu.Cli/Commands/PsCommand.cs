using System.CommandLine;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>Servers that run on this machine, and the models in their memory.</summary>
sealed class PsCommand : CliCommand
{
    public override IEnumerable<Symbol> Takes => [];

    public override int Run(CommandContext call)
    {
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var server in ServedFile.All(call))
        {
            using var client = new ServedClient(server);
            if (client.Models(call.Cancel) is not { } models) continue;
            items.Add(new()
            {
                ["address"] = server.Address.ToString(), ["process"] = server.Process, ["started"] = server.Started.ToString("O"),
                ["models"] = new JsonArray([.. models.Select(m => m.DeepClone())]),
            });
            var address = server.Address.ToString().TrimEnd('/');
            if (models.Count == 0) rows.Add([address, "", "", "", "", ""]);
            rows.AddRange(models.Select(m => Row(call, address, m)));
        }
        call.Out.Result("servers", items, new(["SERVER", "MODEL", "CONTEXT>", "RUNNING>", "WAITING>", "UNTIL"], rows));
        if (call.Out.IsText && items.Count == 0) call.Out.Note(call.Say["ps.none"]);
        return Exit.Ok;
    }

    static string[] Row(CommandContext call, string address, JsonObject model) =>
    [
        address, (string)model["name"]!, $"{model["context"]}", $"{model["running"]}", $"{model["waiting"]}",
        !(bool)model["loaded"]! ? call.Say["ps.loading"] : (string?)model["until"] is { } until
            ? TimeZoneInfo.ConvertTime(DateTimeOffset.Parse(until), call.Terminal.Clock.LocalTimeZone).ToString("HH:mm:ss") : "",
    ];
}
