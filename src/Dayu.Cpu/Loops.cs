using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>A formula for up to 16 neighbouring values.</summary>
internal interface IEach
{
    /// <summary>Computes the values from <paramref name="i"/> on; <paramref name="n"/> of them are left, perhaps more than 16.</summary>
    void At(long i, long n);
}

/// <summary>A formula for one row.</summary>
internal interface IRow
{
    /// <summary>Computes row <paramref name="r"/>.</summary>
    void At(int r);
}

public sealed unsafe partial class CpuBackend
{
    /// <summary>Multiplications that take less time than waking another thread.</summary>
    const long SmallWork = 200_000;

    /// <summary>Runs a job whose chunks are given; if it is small, on the calling thread.</summary>
    void Run<T>(T job, int chunks, long work) where T : struct, IJob
    {
        if (work > SmallWork) machine.Workers.Run(job, chunks);
        else for (var i = 0; i < chunks; i++) job.Run(i);
    }

    /// <summary>Runs a formula over values.</summary>
    void Each<T>(T formula, long count) where T : struct, IEach =>
        machine.Workers.Run(new EachJob<T>(formula, count), checked((int)((count + ChunkValues - 1) / ChunkValues)));

    /// <summary>Runs a formula over rows.</summary>
    /// <param name="formula">Computes a row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="cost">About how many simple operations a row takes.</param>
    void Rows<T>(T formula, int rows, long cost) where T : struct, IRow
    {
        var each = (int)Math.Clamp(ChunkValues / Math.Max(cost, 1), 1, int.MaxValue / 2);
        machine.Workers.Run(new RowJob<T>(formula, rows, each), (int)(((long)rows + each - 1) / each));
    }

    readonly struct EachJob<T>(T formula, long count) : IJob where T : struct, IEach
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            var own = formula;                                          // a local: its pointers stay in registers
            var start = (long)chunk * ChunkValues;
            var end = Math.Min(start + ChunkValues, count);
            var i = start;
            for (; i + 16 <= end; i += 16) own.At(i, 16);               // compiled without code for ends of rows
            if (i < end) Last(own, i, end - i);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Last(T own, long i, long n) => own.At(i, n);
    }

    readonly struct RowJob<T>(T formula, int rows, int each) : IJob where T : struct, IRow
    {
        public void Run(int chunk)
        {
            var own = formula;
            var end = (int)Math.Min(((long)chunk + 1) * each, rows);
            for (var r = chunk * each; r < end; r++) own.At(r);
        }
    }
}
