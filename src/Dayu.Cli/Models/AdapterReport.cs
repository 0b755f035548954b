using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>What is told of an adapter.</summary>
sealed record AdapterReport(AdapterFacts Facts)
{
    AdapterConfig Config => Facts.Config;

    /// <summary>For programs.</summary>
    public JsonObject Json => new()
    {
        ["v"] = 1,
        ["path"] = Facts.Folder,
        ["bytes"] = Facts.Bytes,
        ["adapter"] = new JsonObject
        {
            ["rank"] = Config.Rank, ["alpha"] = Config.Alpha, ["rank_stabilised"] = Config.IsRankStabilised,
            ["targets"] = Config.Targets.ToJson(), ["pairs"] = Facts.Pairs,
            ["base"] = Config.Base, ["base_path"] = Facts.Base,
        },
        ["parameters"] = Facts.Parameters,
        ["format"] = Facts.Type,
    };

    /// <summary>For people.</summary>
    public Table Pairs(Strings say) => Table.Pairs(
        (say["show.path"], Facts.Folder),
        (say["show.kind"], say["show.adapter"]),
        (say["show.rank"], $"{Config.Rank}"),
        (say["show.alpha"], Config.IsRankStabilised ? $"{Config.Alpha} (α / √r)" : $"{Config.Alpha}"),
        (say["show.targets"], say.Text("show.pairs", string.Join(", ", Config.Targets), Facts.Pairs)),
        (say["show.base"], Base(say)),
        (say["show.parameters"], $"{Units.Count(Facts.Parameters)} ({Facts.Parameters:N0})"),
        (say["show.size"], say.Text("show.size-of", Facts.Type, Units.Bytes(Facts.Bytes))));

    string Base(Strings say) => (Config.Base, Facts.Base) switch
    {
        (null, _) => say["none"],
        var (said, found) when found is null => say.Text("show.base-missing", said),
        var (said, found) when said == found => said,
        var (said, found) => $"{said} ({found})",
    };
}
