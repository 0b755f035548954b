using System.Diagnostics;
using System.Globalization;

namespace Dayu.Inference;

/// <summary>Bytes of memory that a process has.</summary>
/// <param name="Resident">All that is in memory, pages of mapped files included, which the system may take back.</param>
/// <param name="Private">What is its own.</param>
public readonly record struct MemoryUse(long Resident, long Private)
{
    const string Status = "/proc/self/status";

    /// <summary>Now.</summary>
    public static MemoryUse Now() => Linux("VmRSS:") is { } resident
        ? new(resident, Linux("RssAnon:") ?? resident) : OfSystem(p => (p.WorkingSet64, p.PrivateMemorySize64));

    /// <summary>At most until now; what is its own as it is now.</summary>
    public static MemoryUse Highest() => Linux("VmHWM:") is { } resident
        ? new(resident, Linux("RssAnon:") ?? resident) : OfSystem(p => (p.PeakWorkingSet64, p.PrivateMemorySize64));

    /// <summary>What is left without another's.</summary>
    public MemoryUse Less(MemoryUse other) => new(Math.Max(0, Resident - other.Resident), Math.Max(0, Private - other.Private));

    static MemoryUse OfSystem(Func<Process, (long, long)> ask)
    {
        using var process = Process.GetCurrentProcess();
        var (resident, own) = ask(process);
        return new(resident, own);
    }

    /// <summary>A line of <c>/proc/self/status</c> (proc(5)), in bytes; null where there is none.</summary>
    static long? Linux(string key)
    {
        if (!File.Exists(Status)) return null;
        var line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) ?? "";
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var kilobytes, ..] ? long.Parse(kilobytes, CultureInfo.InvariantCulture) << 10 : null;
    }
}

/// <summary>
/// The memory that one of several things takes at most: the highest that the process comes to until this is disposed
/// of, less what others held when it was made. Linux can begin the count of resident memory anew; elsewhere it is the
/// highest ever. What is the process's own is looked at every few milliseconds.
/// </summary>
public sealed class PeakMemory : IDisposable
{
    const string Clear = "/proc/self/clear_refs", ResetPeak = "5";
    const int Milliseconds = 5;

    readonly MemoryUse others;
    readonly Timer timer;
    readonly Lock gate = new();
    MemoryUse highest;

    /// <summary>From here on it counts.</summary>
    /// <param name="own">What the process held before anything was loaded: it counts, too.</param>
    public PeakMemory(MemoryUse own)
    {
        others = MemoryUse.Now().Less(own);
        try { if (File.Exists(Clear)) File.WriteAllText(Clear, ResetPeak); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // then the highest ever counts: too much, never too little
        }
        timer = new(_ => Look(), null, 0, Milliseconds);
    }

    /// <summary>At most so far.</summary>
    public MemoryUse Use
    {
        get
        {
            Look();
            lock (gate) return highest.Less(others);
        }
    }

    void Look()
    {
        var now = MemoryUse.Highest();
        lock (gate) highest = new(Math.Max(highest.Resident, now.Resident), Math.Max(highest.Private, now.Private));
    }

    /// <summary>Looks no more.</summary>
    public void Dispose() => timer.Dispose();
}
