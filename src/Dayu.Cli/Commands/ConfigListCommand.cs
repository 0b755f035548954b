using System.CommandLine;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>All settings, and where each is set.</summary>
sealed class ConfigListCommand : CliCommand
{
    readonly Option<bool> origins = new("--show-origin");

    public override IEnumerable<Symbol> Takes => [origins];

    public override int Run(CommandContext call)
    {
        var (items, rows) = (new List<JsonObject>(), new List<string[]>());
        foreach (var setting in Setting.Known)
        {
            var (found, meaning) = (call.Settings.Find(setting), call.Say[$"setting.{setting.Key}"]);
            items.Add(new()
            {
                ["key"] = setting.Key,
                ["value"] = found?.Value,
                ["origin"] = found is null ? null : found.Origin ?? "default",
                ["variable"] = setting.Variable,
                ["option"] = setting.Option,
                ["text"] = meaning,
            });
            var origin = found is null ? "" : found.Origin ?? call.Say["config.default"];
            rows.Add([setting.Key, found?.Value ?? "–", call.Get(origins) ? origin : meaning]);
        }
        call.Out.Result("settings", items, new(["KEY", "VALUE", call.Get(origins) ? "ORIGIN" : "MEANING"], rows));
        return Exit.Ok;
    }
}

/// <summary>One setting.</summary>
sealed class ConfigGetCommand : CliCommand
{
    readonly Argument<string> key = Setting.Argument();

    public override IEnumerable<Symbol> Takes => [key];

    public override int Run(CommandContext call)
    {
        var setting = Setting.Of(call.Get(key)!);
        var found = call.Settings.Find(setting);
        var json = new JsonObject
        {
            ["v"] = 1,
            ["key"] = setting.Key,
            ["value"] = found?.Value,
            ["origin"] = found is null ? null : found.Origin ?? "default",
        };
        if (call.Out.IsText) call.Out.Text((found?.Value ?? "") + "\n");
        else call.Out.Result(json, Table.Pairs((setting.Key, found?.Value ?? "")));
        return Exit.Ok;
    }
}
