using System.Diagnostics;
using System.Globalization;

namespace Dayu.Inference;

/// <summary>
/// The memory that one of several things takes at most: the highest that the process came to since this was made, less what others held then. Linux can begin the count anew;
/// elsewhere it is what the process took more than ever before.
/// </summary>
public sealed class PeakMemory
{
    const string Status = "/proc/self/status", Clear = "/proc/self/clear_refs", ResetPeak = "5";

    readonly long others;

    /// <summary>From here on it counts.</summary>
    /// <param name="own">Bytes that the process held before anything was loaded: they count too.</param>
    public PeakMemory(long own)
    {
        others = Resident() - own;
        try { if (File.Exists(Clear)) File.WriteAllText(Clear, ResetPeak); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }   // then the highest ever counts: too much, never too little
    }

    /// <summary>Bytes at most so far.</summary>
    public long Bytes => Math.Max(0, (Linux("VmHWM:") ?? Peak()) - others);

    /// <summary>Bytes that the process has in memory now.</summary>
    public static long Resident() => Linux("VmRSS:") ?? Environment.WorkingSet;

    static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>A line of <c>/proc/self/status</c> (proc(5)), in bytes; null where there is none.</summary>
    static long? Linux(string key) => !File.Exists(Status) ? null
        : File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] ? long.Parse(kilobytes, CultureInfo.InvariantCulture) << 10 : null;
}
