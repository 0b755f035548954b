using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Where runs lie: in the project (the folder of the nearest dayu.json upward), else in the data folder.</summary>
static class RunsAtHand
{
    public static RunStore Of(Terminal terminal, Settings settings)
    {
        for (var d = new DirectoryInfo(terminal.Folder); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "dayu.json"))) return new(Path.Combine(d.FullName, "runs"));
        return new(Path.Combine(settings.DataFolder, "runs"));
    }

    /// <summary>A run by its name.</summary>
    /// <exception cref="CliError">There is none.</exception>
    public static RunFolder Find(CommandContext call, string name)
    {
        var runs = Of(call.Terminal, call.Settings);
        return runs.Find(name) ?? throw new CliError(3017, name, runs.Folder);
    }
}
