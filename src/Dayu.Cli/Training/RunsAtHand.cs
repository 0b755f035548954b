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
}
