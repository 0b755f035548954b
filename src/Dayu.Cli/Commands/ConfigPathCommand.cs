using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>Where files of settings are looked for, the strongest first.</summary>
sealed class ConfigPathCommand : CliCommand
{
    public override IEnumerable<Symbol> Takes => [];

    public override int Run(CommandContext call)
    {
        string[] paths = call.Settings.NamedFile is { } named ? [named] : [call.Settings.ProjectFile, call.Settings.UserFile];
        var items = paths.Select(p => new JsonObject { ["path"] = p, ["exists"] = File.Exists(p) }).ToList();
        call.Out.Result("files", items, new(["PATH", ""], [.. paths.Select(Row)]));
        return Exit.Ok;

        string[] Row(string path) => [path, call.Say[File.Exists(path) ? "config.exists" : "config.missing"]];
    }
}

/// <summary>The JSON schema of these files.</summary>
sealed class ConfigSchemaCommand : CliCommand
{
    static readonly JsonSerializerOptions indented = new() { WriteIndented = true, NewLine = "\n", Encoder = Output.Legible.Encoder };

    public override IEnumerable<Symbol> Takes => [];

    public override Format[] Formats => [Format.Table];

    public override int Run(CommandContext call)
    {
        call.Out.Text(Encoding.UTF8.GetString(Text(call.Say)));
        return Exit.Ok;
    }

    /// <summary>As a file.</summary>
    public static byte[] Text(Strings say) => Encoding.UTF8.GetBytes(ConfigSchema.Of(say).ToJsonString(indented) + "\n");
}
