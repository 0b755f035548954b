using System.Text;
using System.Text.Json;

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
        try
        {
            using var json = JsonDocument.Parse(Bytes(path), Options);
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new CliError(2026, path, "{ … }");
            foreach (var pair in json.RootElement.EnumerateObject()) file.Add(pair, isProject);
        }
        catch (JsonException e) { throw new CliError(2026, path, e.Message); }
        return file;
    }

    /// <summary>JSON with comments.</summary>
    public static JsonDocumentOptions Options => new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    /// <summary>The text of such a file, without a byte-order mark.</summary>
    public static byte[] Bytes(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes }) throw new CliError(2026, path, $"> {MostBytes} B");
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
    }

    /// <summary>What it says of a setting.</summary>
    public Settings.Found? Find(Setting setting) =>
        values.TryGetValue(setting.Key, out var value) ? new(value, path, Path.GetDirectoryName(Path.GetFullPath(path))) : null;

    void Add(JsonProperty pair, bool isProject)
    {
        if (pair.Name == "$schema") return;
        Setting setting;
        try { setting = Setting.Of(pair.Name); }
        catch (CliError c) when (c.Number == 2020) { throw new CliError(2027, path, c.Args[0], c.Args[1]); }
        catch (CliError c) { throw new CliError(2028, path, c.Args[0]); }
        if (setting.Personal && isProject) throw new CliError(2029, path, setting.Key);
        var value = Text(pair.Value, setting);
        setting.Check(value, path);
        values.Add(setting.Key, value);
    }

    static string Text(JsonElement value, Setting setting) => (value.ValueKind, setting.Kind) switch
    {
        (JsonValueKind.String, not (SettingKind.Count or SettingKind.Real)) => value.GetString()!,
        (JsonValueKind.Number, SettingKind.Count or SettingKind.Real) => value.GetRawText(),
        (JsonValueKind.Array, SettingKind.Addresses) => string.Join(',', value.EnumerateArray().Select(e => e.ToString())),
        (_, SettingKind.Text or SettingKind.Path) => "",              // no text: complained of like any other wrong value
        _ => value.GetRawText(),
    };
}
