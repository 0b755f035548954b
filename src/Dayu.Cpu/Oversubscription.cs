namespace Dayu.Cpu;

/// <summary>
/// Detects that other programs want the cores too. A worker that lost its core holds a chunk for a whole time slice of the scheduler,
/// some milliseconds, while the caller waits. After two such waits within a short time the caller works alone for a while, which then
/// is faster; each time that this soon happens again, the while is twice as long.
/// </summary>
/// <remarks>
/// Times are ticks of the pool's clock. Threads may race for the state: a stale value at worst makes a parallel-for slower.
/// </remarks>
internal struct Oversubscription(long ticksPerSecond)
{
    /// <summary>0.2 ms; shorter waits are ordinary ones for a last chunk.</summary>
    readonly long late = ticksPerSecond / 5_000;

    /// <summary>20 ms, and the 5 ms of waiting within it that are too many.</summary>
    readonly long window = ticksPerSecond / 50, tooLong = ticksPerSecond / 200;

    /// <summary>0.1 s and 1.6 s: how long the caller works alone.</summary>
    readonly long shortest = ticksPerSecond / 10, longest = ticksPerSecond * 8 / 5;

    /// <summary>0.5 s; after that long without waits, the shortest pause will do again.</summary>
    readonly long calm = ticksPerSecond / 2;

    long windowStart, waited, aloneUntil, pause, resumed;

    /// <summary>Whether the caller was told to work alone and may still have to: only then is the clock worth reading.</summary>
    public readonly bool MayBeAlone => Volatile.Read(in aloneUntil) != 0;

    /// <summary>Whether the caller should work alone.</summary>
    public bool IsAlone(long now)
    {
        if (now < Volatile.Read(ref aloneUntil)) return true;
        (aloneUntil, resumed, windowStart) = (0, now, 0);
        return false;
    }

    /// <summary>Reports that the caller waited from … to for the last chunks of others.</summary>
    public void Waited(long from, long to)
    {
        if (to - from < late) return;
        bool first = windowStart == 0 || from - windowStart > window;
        if (first) (windowStart, waited) = (from, 0);
        waited += to - from;
        if (first || waited < tooLong) return;        // a single long wait may be for a long chunk
        pause = to - resumed > calm ? shortest : Math.Min(2 * pause, longest);
        Volatile.Write(ref aloneUntil, to + pause);
    }
}
