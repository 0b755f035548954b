using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>
/// A file of settings: one JSON object, keys as <c>dayu config list</c> shows them; comments and last commas are allowed.
/// Everything in it is checked when it is read.
/// </summary>
sealed class ConfigFile
{
    const int MostBytes = 1 << 20;

    readonly Dictionary<string, string> values = [];
    readonly string path;

    ConfigFile(string path) => this.path = path;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="isProject">Whether it came with a project: then it may not say where downloads come from.</param>
    /// <exception cref="CliError">It is not as it should be.</exception>
    public static ConfigFile Read(string path, bool isProject)
    {
        var file = new ConfigFile(path);
        JsonObject json;
        try { json = new JsonText(path, Bytes(path), byHand: true).ParseObject(); }
        catch (InvalidDataException e) when (e.InnerException is JsonFault fault) { throw new CliError(2026, path, JsonErrors.Of(fault)); }
        foreach (var (key, value) in json) file.Add(key, value, isProject);
        return file;
    }

    /// <summary>The text of such a file: UTF-8, without a byte-order mark.</summary>
    public static byte[] Bytes(string path)
    {
        if (Directory.Exists(path)) throw new CliError(2080, path);
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes })
            throw new CliError(2026, path, new Phrase("config.too-large", MostBytes));
        return JsonText.WithoutMark(File.ReadAllBytes(path));
    }

    /// <summary>What it says of a setting.</summary>
    public Settings.Found? Find(Setting setting) =>
        values.TryGetValue(setting.Key, out var value) ? new(value, path, Path.GetDirectoryName(Path.GetFullPath(path))) : null;

    void Add(string key, JsonNode? said, bool isProject)
    {
        if (key == "$schema") return;
        Setting setting;
        try { setting = Setting.Of(key); }
        catch (CliError c) when (c.Number == 2020) { throw new CliError(2027, path, c.Args[0], c.Args[1]); }
        catch (CliError c) { throw new CliError(2028, path, c.Args[0]); }
        if (setting.Personal && isProject) throw new CliError(2029, path, setting.Key);
        var value = Text(said, setting);
        setting.Check(value, path);
        values.Add(setting.Key, value);
    }

    static string Text(JsonNode? value, Setting setting) => (value?.GetValueKind(), setting.Kind) switch
    {
        (JsonValueKind.String, not (SettingKind.Count or SettingKind.Real)) => value!.GetValue<string>(),
        (JsonValueKind.Array, SettingKind.Addresses) => string.Join(',', value!.AsArray().Select(e => e?.ToString())),
        (_, SettingKind.Text or SettingKind.Path) => "",              // no text: complained of like any other wrong value
        _ => value?.ToJsonString() ?? "null",
    };
}
