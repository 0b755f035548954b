namespace Dayu.Cli;

/// <summary>Numbers as people read them.</summary>
static class Units
{
    /// <summary>5.8 M, 135 M, 1.1 B.</summary>
    public static string Count(long n) => Scaled(n, 1000, ["", " K", " M", " B", " T"]);

    /// <summary>23 MB; thousands, as disks are sold.</summary>
    public static string Bytes(long n) => Scaled(n, 1000, [" B", " kB", " MB", " GB", " TB"]);

    /// <summary>3:10, 1:02:03.</summary>
    public static string Time(TimeSpan t) => t.TotalHours >= 1
        ? $"{(int)t.TotalHours}:{t.Minutes:D2}:{t.Seconds:D2}"
        : $"{t.Minutes}:{t.Seconds:D2}";

    static string Scaled(double n, double step, string[] names)
    {
        var i = 0;
        for (; n >= step && i < names.Length - 1; i++) n /= step;
        return (i > 0 && n < 10 ? n.ToString("F1") : n.ToString("F0")) + names[i];
    }
}
