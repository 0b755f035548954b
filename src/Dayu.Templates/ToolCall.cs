using System.Text.Json.Nodes;

namespace Dayu.Templates;

/// <summary>A function that a model called in its turn.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">What it was called with.</param>
/// <param name="Id">Connects the call with its result; null for models that do without.</param>
public sealed record ToolCall(string Name, JsonObject Arguments, string? Id = null)
{
    /// <summary>The call as Transformers' templates expect it: OpenAI's form, but the arguments an object.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Id is not null)
            json["id"] = Id;
        json["type"] = "function";
        json["function"] = new JsonObject { ["name"] = Name, ["arguments"] = Arguments.DeepClone() };
        return json;
    }
}
