using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>Work cut into chunks that may run in any order, at once, on any thread.</summary>
internal interface IJob
{
    /// <summary>Computes one chunk, 0 … chunks − 1.</summary>
    void Run(int chunk);
}

/// <summary>
/// A fork-join pool for many short parallel-fors. The caller works too. Every thread has a range of neighbouring chunks, so that memory
/// is read in order, and takes them from the front; a thread whose range is empty takes from the back of another's. A thread that the
/// system has preempted delays only the chunk it holds; where that happens often, the caller works alone for a while
/// (<see cref="Oversubscription"/>). Between parallel-fors workers prefetch what comes next, spin for a bounded time, then park.
/// A parallel-for allocates nothing.
/// </summary>
/// <remarks>Callers cut work by its shape, never by <see cref="Threads"/>: results do not depend on the number of threads.</remarks>
internal sealed unsafe class Workers : IDisposable
{
    /// <summary>What threads share, each on cache lines of its own: parallel-fors begun, chunks done, workers parked.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    struct Shared
    {
        [FieldOffset(128)] public int Generation;
        [FieldOffset(256)] public int Done;
        [FieldOffset(384)] public int Parked;
    }

    /// <summary>Longs from one thread's range to the next: two cache lines, because processors fetch them in pairs.</summary>
    const int RangeStride = 16;

    /// <summary>What a worker prefetches while it waits: half of an L2 cache.</summary>
    const int PrefetchBytes = 256 << 10;

    readonly Thread[] threads;
    readonly long[] ranges;                           // of each thread: the next chunk in the high half, the end in the low half
    readonly SemaphoreSlim wake = new(0);
    readonly long spinTicks;
    Shared shared;
    Oversubscription oversubscription = new(Stopwatch.Frequency);
    delegate*<void*, int, void> body;
    void* job;
    nint prefetch;
    int busy;
    ExceptionDispatchInfo? failure;
    volatile bool stopping;

    /// <summary>Starts threads − 1 workers, which spin this long after a parallel-for before they park.</summary>
    public Workers(int threads, double spinMicroseconds = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        spinTicks = (long)(spinMicroseconds * 1e-6 * Stopwatch.Frequency);
        ranges = new long[(threads + 1) * RangeStride];
        this.threads = new Thread[threads - 1];
        for (var i = 0; i < this.threads.Length; i++)
        {
            var own = i + 1;
            this.threads[i] = new Thread(() => Loop(own)) { IsBackground = true, Name = $"dayu worker {own}" };
            this.threads[i].Start();
        }
    }

    /// <summary>Threads that work in a parallel-for, the caller included.</summary>
    public int Threads => threads.Length + 1;

    /// <summary>
    /// A parallel-for: runs every chunk and returns when all are done. The first exception thrown in a chunk is thrown here, and chunks
    /// not yet begun are skipped. If the pool is busy (with another thread's parallel-for, or one around this), everything runs on the
    /// calling thread.
    /// </summary>
    /// <param name="work">The job.</param>
    /// <param name="chunks">The number of chunks.</param>
    /// <param name="next">Address of what is likely to be read next: waiting workers prefetch it. 0: as in the call before.</param>
    public void Run<TJob>(TJob work, int chunks, nint next = 0) where TJob : struct, IJob
    {
        if (chunks <= 1 || threads.Length == 0 || IsAlone() || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (var i = 0; i < chunks; i++) work.Run(i);
            return;
        }
        body = &Invoke<TJob>;
        job = Unsafe.AsPointer(ref work);
        if (next != 0) prefetch = next;
        shared.Done = 0;
        failure = null;
        for (var (i, first) = (0, 0); i < Threads; i++)       // the caller's range is the last: workers have prefetched the first
        {
            var end = (int)((long)chunks * (i + 1) / Threads);
            Volatile.Write(ref Range(Threads - 1 - i), ((long)first << 32) | (uint)end);
            first = end;
        }
        Interlocked.Increment(ref shared.Generation);
        var wanted = Math.Min(Volatile.Read(ref shared.Parked), chunks - 1);
        if (wanted > 0)
        {
            Interlocked.Add(ref shared.Parked, -wanted);
            wake.Release(wanted);
        }
        TakeChunks(0);
        AwaitOthers(chunks);
        var thrown = failure;
        Volatile.Write(ref busy, 0);
        thrown?.Throw();
    }

    /// <summary>Ends the workers. Later parallel-fors run on the calling thread.</summary>
    public void Dispose()
    {
        while (Interlocked.CompareExchange(ref busy, 1, 0) != 0)
            if (stopping) return;
            else Thread.Yield();
        stopping = true;
        if (threads.Length > 0) wake.Release(threads.Length);
        foreach (var t in threads) t.Join();
        wake.Dispose();
    }

    static void Invoke<TJob>(void* job, int chunk) where TJob : struct, IJob => Unsafe.AsRef<TJob>(job).Run(chunk);

    ref long Range(int thread) => ref ranges[(thread + 1) * RangeStride];

    static int Next(long range) => (int)(range >> 32);

    static int End(long range) => (int)range;

    /// <summary>Runs the chunks of a thread's range from the front, then those of other ranges from the back.</summary>
    void TakeChunks(int own)
    {
        var taken = 0;
        for (var i = 0; i < Threads; i++)
        {
            ref var range = ref Range((own + i) % Threads);
            for (long now; Next(now = Volatile.Read(ref range)) < End(now);)
            {
                var (chunk, rest) = i == 0 ? (Next(now), now + (1L << 32)) : (End(now) - 1, now - 1);
                if (Interlocked.CompareExchange(ref range, rest, now) != now) continue;
                taken++;                              // body and job stay this parallel-for's until the chunk is counted as done
                if (failure != null) continue;
                try { body(job, chunk); }
                catch (Exception e) { Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null); }
            }
        }
        if (taken > 0) Interlocked.Add(ref shared.Done, taken);
    }

    bool IsAlone() => oversubscription.MayBeAlone && oversubscription.IsAlone(Stopwatch.GetTimestamp());

    /// <summary>Spins until the last chunks end; if that takes long, yields this core to a worker that may have lost its own.</summary>
    void AwaitOthers(int chunks)
    {
        for (var spins = 0; spins < 500; spins++)
            if (Volatile.Read(ref shared.Done) == chunks) return;
            else Thread.SpinWait(1);
        var since = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref shared.Done) != chunks) Thread.Yield();
        oversubscription.Waited(since, Stopwatch.GetTimestamp());
    }

    void Loop(int own)
    {
        nint prefetched = 0, next = 0, end = 0;
        while (!stopping)
        {
            var generation = Volatile.Read(ref shared.Generation);
            TakeChunks(own);
            if (prefetch != prefetched)
            {
                prefetched = prefetch;
                (next, end) = (prefetched + (own - 1) * PrefetchBytes, prefetched + own * PrefetchBytes);
            }
            while (next < end && Volatile.Read(ref shared.Generation) == generation) next = Prefetch(next);
            var since = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref shared.Generation) == generation && !stopping)
            {
                Thread.SpinWait(1);
                if (Stopwatch.GetTimestamp() - since < spinTicks) continue;
                Interlocked.Increment(ref shared.Parked);
                if (Volatile.Read(ref shared.Generation) == generation && !stopping) wake.Wait();
                since = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Prefetches some cache lines; returns the address after them.</summary>
    static nint Prefetch(nint at)
    {
        for (var end = at + 256; at < end; at += 64)
            if (Sse.IsSupported) Sse.Prefetch1((void*)at);
        return at;
    }
}
