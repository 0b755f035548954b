using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>The JSON schema of files of settings (draft 2020-12), by which editors complete and check them.</summary>
static class ConfigSchema
{
    /// <summary>From the table of settings.</summary>
    public static JsonObject Of(Strings say)
    {
        var properties = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } };
        foreach (var setting in Setting.Known)
        {
            var one = Kind(setting);
            one["description"] = say[$"setting.{setting.Key}"];
            if (setting.Default is { } value) one["default"] = setting.Kind == SettingKind.Addresses ? new JsonArray(value) : value;
            properties[setting.Key] = one;
        }
        return new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "dayu.json",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    static JsonObject Kind(Setting setting) => setting.Kind switch
    {
        SettingKind.Count when setting.Most < int.MaxValue => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = setting.Most },
        SettingKind.Count => new() { ["type"] = "integer", ["minimum"] = 1 },
        SettingKind.Real => new() { ["type"] = "number" },
        SettingKind.Choice => new() { ["enum"] = setting.Choices.ToJson() },
        SettingKind.Addresses => new() { ["type"] = "array", ["items"] = Address, ["minItems"] = 1 },
        _ => new() { ["type"] = "string", ["minLength"] = 1 },
    };

    static JsonObject Address => new() { ["type"] = "string", ["format"] = "uri" };

    /// <summary>A value of a setting as JSON text.</summary>
    public static string Json(Setting setting, string value) => setting.Kind switch
    {
        SettingKind.Count when Numbers.TryWhole(value, out var n) => $"{n}",
        SettingKind.Real when Numbers.TryReal(value, out var x) => JsonValue.Create(x).ToJsonString(),
        SettingKind.Addresses => Setting.Items(value).ToJson().ToJsonString(),
        _ => JsonValue.Create(value).ToJsonString(),
    };
}
