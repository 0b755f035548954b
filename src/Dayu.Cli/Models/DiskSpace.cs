namespace Dayu.Cli;

/// <summary>Room on a disk, asked for before hours of work.</summary>
static class DiskSpace
{
    /// <summary>Holds a target to a place that is there and has room.</summary>
    /// <param name="target">A file or folder that is to be made.</param>
    /// <param name="needed">Bytes.</param>
    /// <exception cref="CliError">There is no folder for it, or too little room.</exception>
    public static void Check(string target, long needed)
    {
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) throw new CliError(3020, folder);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (needed > free) throw new CliError(1750, Units.Bytes(needed), Units.Bytes(free), folder);
    }
}
