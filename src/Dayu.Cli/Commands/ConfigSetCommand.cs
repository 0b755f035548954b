using System.CommandLine;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>
/// Sets one setting in a file: the user's own, the project's, or the one that <c>--config</c> names. Everything else in it stays,
/// comments too.
/// </summary>
sealed class ConfigSetCommand : CliCommand
{
    readonly Argument<string> key = Setting.Argument(), value = new("value");
    readonly Option<bool> local = new("--local");

    public override IEnumerable<Symbol> Takes => [key, value, local];

    public override int Run(CommandContext call)
    {
        var setting = Setting.Of(call.Get(key)!);
        setting.Check(call.Get(value)!, "config set");
        return ConfigWriting.Set(call, setting, ConfigSchema.Json(setting, call.Get(value)!), call.Get(local));
    }
}

/// <summary>Takes a setting out of a file.</summary>
sealed class ConfigUnsetCommand : CliCommand
{
    readonly Argument<string> key = Setting.Argument();
    readonly Option<bool> local = new("--local");

    public override IEnumerable<Symbol> Takes => [key, local];

    public override int Run(CommandContext call) => ConfigWriting.Set(call, Setting.Of(call.Get(key)!), null, call.Get(local));
}

/// <summary>Writes files of settings.</summary>
static class ConfigWriting
{
    const string SchemaName = "dayu.schema.json";

    /// <summary>Sets a setting, or takes it out (null).</summary>
    public static int Set(CommandContext call, Setting setting, string? json, bool local)
    {
        var isProject = local && call.Settings.NamedFile is null;
        if (isProject && setting.Personal && json is not null) throw new CliError(2029, call.Settings.ProjectFile, setting.Key);
        var path = call.Settings.NamedFile ?? (local ? call.Settings.ProjectFile : call.Settings.UserFile);
        var old = File.Exists(path) ? ConfigFile.Bytes(path) : [];
        if (old.Length > 0) _ = ConfigFile.Read(path, isProject);     // a file that is not as it should be is not written to
        else if (json is not null && path == call.Settings.UserFile) old = WithSchema(call, path);
        if (old.Length > 0 || json is not null) WholeFile.Write(path, ConfigText.Set(old, setting.Key, json));
        call.Out.Result(
            new() { ["v"] = 1, ["key"] = setting.Key, ["value"] = json?.Trim('"'), ["path"] = path },
            Table.Pairs((setting.Key, $"{json ?? "–"}  ({path})")));
        var origin = call.Settings.Find(setting)?.Origin;
        if (origin is not null && origin != path) call.Out.Note(call.Say.Text("config.overridden", setting.Key, origin));
        return Exit.Ok;
    }

    /// <summary>A new file of the user's own, with a schema beside it for editors.</summary>
    static byte[] WithSchema(CommandContext call, string path)
    {
        WholeFile.Write(Path.Combine(Path.GetDirectoryName(path)!, SchemaName), ConfigSchemaCommand.Text(call.Say));
        return "{\n  \"$schema\": \"./dayu.schema.json\"\n}\n"u8.ToArray();
    }
}
