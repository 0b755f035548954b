using System.Globalization;

namespace Dayu.Server;

/// <summary>Memory that is free on this machine, or left to this process, whichever is less.</summary>
public static class FreeMemory
{
    const string Available = "MemAvailable:";

    /// <summary>Bytes.</summary>
    public static long Bytes()
    {
        var left = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        return Math.Max(0, Linux() is { } free ? Math.Min(free, left) : left);
    }

    static long? Linux()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            foreach (var line in File.ReadLines("/proc/meminfo"))
                if (line.StartsWith(Available, StringComparison.Ordinal))
                    return long.Parse(line.AsSpan(Available.Length).Trim(" kB"), CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException) { }
        return null;
    }
}
