namespace Dayu.Cpu;

/// <summary>
/// Whether other programs want the cores too. A worker that lost its core holds a chunk for a whole slice of the scheduler, some milliseconds, while the caller waits. Two such slices within a short time,
/// and the caller works alone for a while, which then is faster; each time that this happens soon again the while is twice as long.
/// </summary>
/// <remarks>Times are in ticks of the clock that the pool reads. Several threads may ask at once: what they read may be old, which at worst costs a region some speed.</remarks>
internal struct Oversubscription(long ticksPerSecond)
{
    /// <summary>Shorter waits are those for a last chunk.</summary>
    readonly long late = ticksPerSecond / 5_000;

    readonly long window = ticksPerSecond / 50, most = ticksPerSecond / 200, shortest = ticksPerSecond / 10, longest = ticksPerSecond * 8 / 5, calm = ticksPerSecond / 2;

    long begun, lost, aloneUntil, pause, resumed;

    /// <summary>Whether it has ever been alone and that time is not over: only then is the clock worth reading.</summary>
    public readonly bool MayBeAlone => Volatile.Read(in aloneUntil) != 0;

    /// <summary>Whether the caller is to work alone.</summary>
    public bool IsAlone(long now)
    {
        if (now < Volatile.Read(ref aloneUntil)) return true;
        (aloneUntil, resumed, begun) = (0, now, 0);
        return false;
    }

    /// <summary>The caller had nothing to do from … to: the others held the last chunks.</summary>
    public void Waited(long from, long to)
    {
        if (to - from < late) return;
        bool first = begun == 0 || from - begun > window;
        if (first) (begun, lost) = (from, 0);
        lost += to - from;
        if (first || lost < most) return;             // one long wait alone may be for a long chunk
        pause = to - resumed > calm ? shortest : Math.Min(2 * pause, longest);
        Volatile.Write(ref aloneUntil, to + pause);
    }
}
