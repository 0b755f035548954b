using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>Work cut into chunks that may run in any order, at once, on any thread.</summary>
internal interface IJob
{
    /// <summary>Does one chunk, 0 … chunks − 1.</summary>
    void Run(int chunk);
}

/// <summary>
/// A fork-join pool for many short regions. The caller works too. Every thread has a range of neighbouring chunks, so that memory is read in its order, and takes them from the front; who has none
/// left takes from the back of another's. A thread that the system has put aside delays only the chunk it holds; where that happens often, the caller works alone for a while (<see cref="Oversubscription"/>). Between regions workers ask memory for what comes next, spin for a bounded time, then park. A region allocates nothing.
/// </summary>
/// <remarks>Callers cut work by its shape, never by <see cref="Threads"/>: then results do not depend on the number of threads.</remarks>
internal sealed unsafe class Workers : IDisposable
{
    /// <summary>Hot words, each on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    struct Shared
    {
        [FieldOffset(128)] public int Region;
        [FieldOffset(256)] public int Done;
        [FieldOffset(384)] public int Parked;
    }

    /// <summary>Longs from a thread's range to the next: two cache lines, for processors fetch them in pairs.</summary>
    const int Apart = 16;

    /// <summary>What a worker asks for while it waits: half of a second cache.</summary>
    const int PrefetchBytes = 256 << 10;

    readonly Thread[] threads;
    readonly long[] ranges;                           // of each thread: next chunk in the high half, end in the low half
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

    /// <summary>Starts threads − 1 workers. They spin this long after a region before they park.</summary>
    public Workers(int threads, double spinMicroseconds = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        spinTicks = (long)(spinMicroseconds * 1e-6 * Stopwatch.Frequency);
        ranges = new long[(threads + 1) * Apart];
        this.threads = new Thread[threads - 1];
        for (var i = 0; i < this.threads.Length; i++)
        {
            var own = i + 1;
            this.threads[i] = new Thread(() => Loop(own)) { IsBackground = true, Name = $"dayu worker {own}" };
            this.threads[i].Start();
        }
    }

    /// <summary>Threads that work in a region, the caller included.</summary>
    public int Threads => threads.Length + 1;

    /// <summary>Runs every chunk and returns when all are done. The first exception thrown in a chunk is thrown here; chunks not yet begun are then skipped.
    /// When the pool is busy (another thread's region, or a region within a chunk) everything runs on the calling thread.</summary>
    /// <param name="work">What is done.</param> <param name="chunks">How many.</param>
    /// <param name="next">Where what is likely to be read next begins: memory is asked for it by workers that wait, so that it works while the caller alone does. 0: what was said last holds on.</param>
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
        for (var (i, first) = (0, 0); i < Threads; i++)                       // the caller is last: those who wait ask for what comes first
        {
            var end = (int)((long)chunks * (i + 1) / Threads);
            Volatile.Write(ref Range(Threads - 1 - i), ((long)first << 32) | (uint)end);
            first = end;
        }
        Interlocked.Increment(ref shared.Region);
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

    /// <summary>Ends the workers. What runs afterwards runs on its caller's thread.</summary>
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

    ref long Range(int thread) => ref ranges[(thread + 1) * Apart];

    void TakeChunks(int own)
    {
        var taken = 0;
        for (var i = 0; i < Threads; i++)
        {
            ref var range = ref Range((own + i) % Threads);
            for (long now; (int)((now = Volatile.Read(ref range)) >> 32) is var next && (int)now is var end && next < end;)
            {
                if (Interlocked.CompareExchange(ref range, i == 0 ? now + (1L << 32) : now - 1, now) != now) continue;
                taken++;                              // the region cannot end before this chunk is counted, so body and job are its own
                if (failure != null) continue;
                try { body(job, i == 0 ? next : end - 1); }
                catch (Exception e) { Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null); }
            }
        }
        if (taken > 0) Interlocked.Add(ref shared.Done, taken);
    }

    bool IsAlone() => oversubscription.MayBeAlone && oversubscription.IsAlone(Stopwatch.GetTimestamp());

    /// <summary>Spins while the last chunks end; where that takes long a worker may have lost its core, so this one is offered to it.</summary>
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
        nint begun = 0, next = 0, end = 0;
        while (!stopping)
        {
            var region = Volatile.Read(ref shared.Region);
            TakeChunks(own);
            if (prefetch != begun)
            {
                begun = prefetch;
                (next, end) = (begun + (own - 1) * PrefetchBytes, begun + own * PrefetchBytes);
            }
            while (next < end && Volatile.Read(ref shared.Region) == region) next = Prefetch(next);
            var since = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref shared.Region) == region && !stopping)
            {
                Thread.SpinWait(1);
                if (Stopwatch.GetTimestamp() - since < spinTicks) continue;
                Interlocked.Increment(ref shared.Parked);
                if (Volatile.Read(ref shared.Region) == region && !stopping) wake.Wait();
                since = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Asks memory for some lines; returns where they end.</summary>
    static nint Prefetch(nint at)
    {
        for (var end = at + 256; at < end; at += 64)
            if (Sse.IsSupported) Sse.Prefetch1((void*)at);
        return at;
    }
}
