using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>How much text: documents, their UTF-8 bytes, their characters (Unicode scalar values).</summary>
public readonly record struct Amount(long Documents, long Bytes, long Characters = 0)
{
    /// <summary>Both together.</summary>
    public static Amount operator +(Amount a, Amount b) => new(a.Documents + b.Documents, a.Bytes + b.Bytes, a.Characters + b.Characters);

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => Characters == 0 ? new() { ["documents"] = Documents, ["bytes"] = Bytes }
        : new() { ["documents"] = Documents, ["bytes"] = Bytes, ["characters"] = Characters };

    /// <summary>From the record.</summary>
    public static Amount Of(JsonNode? json) => new((long)json!["documents"]!, (long)json["bytes"]!, (long?)json["characters"] ?? 0);
}
