using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>The models that <c>dayu pull</c> knows by short names, and whether this machine has the memory for each.</summary>
static class KnownModelTable
{
    public static void Print(CommandContext call)
    {
        string[] columns = ["NAME", "SIZE>", "MEMORY>", "FITS", "LICENSE", "LANGUAGES", "USE"];
        Table table = new(columns, [.. KnownModels.All.Select(m => Row(call, m))]);
        call.Out.Result("models", [.. KnownModels.All.Select(m => Json(call, m))], table);
        if (call.Out.IsText) call.Out.Note(call.Say.Text("known.legend", Units.Bytes(call.Terminal.Memory)));
    }

    static bool Fits(CommandContext call, KnownModel model) => model.Memory <= call.Terminal.Memory;

    static string[] Row(CommandContext call, KnownModel model) =>
    [
        model.Name,
        Units.Bytes(model.Bytes),
        Units.Bytes(model.Memory),
        call.Say[Fits(call, model) ? "affirmed" : "denied"],
        model.License,
        string.Join(' ', model.Languages).Replace("mul", "…"),
        call.Say[$"known.{Use(model)}"],
    ];

    static JsonObject Json(CommandContext call, KnownModel model) => new()
    {
        ["name"] = model.Name,
        ["source"] = model.Source,
        ["bytes"] = model.Bytes,
        ["memory"] = model.Memory,
        ["fits"] = Fits(call, model),
        ["license"] = model.License,
        ["languages"] = model.Languages.ToJson(),
        ["use"] = Use(model),
    };

    static string Use(KnownModel model) => model.Use switch
    {
        ModelUse.Chat => "chat",
        ModelUse.Completion => "completion",
        ModelUse.Embedding => "embedding",
        _ => "fill-mask",
    };
}
