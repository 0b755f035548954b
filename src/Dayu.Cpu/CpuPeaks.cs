using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>The rooflines of a processor: what it reaches at best.</summary>
public enum Peak
{
    /// <summary>Reading memory, in bytes.</summary>
    Read,
    /// <summary>Multiply-adds of float32 in registers, two operations each.</summary>
    Float32,
    /// <summary>Multiply-adds of bfloat16, summed in float32 (vdpbf16ps).</summary>
    BFloat16,
    /// <summary>Multiply-adds of bytes, summed in 32 bits (vpdpbusd).</summary>
    Int8,
}

/// <summary>
/// Runs this machine at its rooflines: nothing but reading memory, or nothing but multiplying in registers. Timed in turn with other
/// work, it tells what share of the machine that work reaches; on a shared machine only such shares are meaningful. Not thread-safe.
/// </summary>
public sealed unsafe class CpuPeaks : IDisposable
{
    const int Parts = 64, Sums = 24, Steps = 100_000, FloatSteps = 200_000;
    const nint Bytes = 256 << 20;                                    // more than any cache

    readonly Workers workers;
    readonly CodeMemory code = new();
    readonly EmittedTiles? pairs, bytes;
    byte* memory;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Threads that work, the caller's included; 0: as many as the machine has cores.</param>
    public CpuPeaks(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        workers = new(threads == 0 ? Environment.ProcessorCount : threads);
        if (code.Refusal is not null) return;
        if (CpuFeatures.Avx512BFloat16) pairs = Of((c, z) => c.vdpbf16ps(z, zmm30, zmm31));
        if (CpuFeatures.Avx512Vnni) bytes = Of((c, z) => c.vpdpbusd(z, zmm30, zmm31));
    }

    /// <summary>Whether this machine has the instructions.</summary>
    public bool Has(Peak peak) => peak switch
    {
        Peak.BFloat16 => pairs is not null,
        Peak.Int8 => bytes is not null,
        _ => true,
    };

    /// <summary>The work of one <see cref="Run"/>: bytes, or operations.</summary>
    public static double Work(Peak peak) => peak switch
    {
        Peak.Read => Bytes,
        Peak.Float32 => 2.0 * Parts * FloatSteps * 12 * FloatsAtOnce,
        Peak.BFloat16 => 64.0 * Parts * Steps * Sums,
        _ => 128.0 * Parts * Steps * Sums,
    };

    /// <summary>Runs once, for some hundredths of a second.</summary>
    /// <exception cref="NotSupportedException">This machine has no such instructions (<see cref="Has"/>).</exception>
    public void Run(Peak peak)
    {
        if (!Has(peak)) throw new NotSupportedException($"this machine has no instruction for {peak}");
        if (peak == Peak.Read) workers.Run(new ReadJob(memory == null ? memory = WrittenMemory() : memory), Parts);
        else if (peak != Peak.Float32) workers.Run(new RepeatJob(peak == Peak.Int8 ? bytes! : pairs!), Parts);
        else if (Vector512.IsHardwareAccelerated) workers.Run(new MultiplyJob<Vector512<float>, Lanes512>(), Parts);
        else if (Vector256.IsHardwareAccelerated) workers.Run(new MultiplyJob<Vector256<float>, Lanes256>(), Parts);
        else workers.Run(new MultiplyJob<Vector128<float>, Lanes128>(), Parts);
    }

    static int FloatsAtOnce => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>Memory on huge pages, as weights have it. It is written because unwritten pages are all one page of zeros.</summary>
    static byte* WrittenMemory()
    {
        var memory = Native.Allocate(Bytes, hugePages: true);
        new Span<byte>(memory, (int)Bytes).Fill(1);
        return memory;
    }

    /// <summary>Emitted code that repeats an instruction, on 24 sums in turn.</summary>
    EmittedTiles Of(Action<Assembler, AssemblerRegisterZMM> instruction) => new(code, Sums, _ =>
    {
        var tile = new TileAssembler();
        return tile.Assemble(0, Sums, 1, 0, 0, 0, () =>
        {
            for (var i = 0; i < Sums; i++) instruction(tile.Code, TileAssembler.Zmm(i));
        });
    });

    readonly struct RepeatJob(EmittedTiles code) : IJob
    {
        public void Run(int chunk)
        {
            var sums = stackalloc float[Sums * 16];
            code[Sums](Steps, null, null, sums, 16, 0);
        }
    }

    readonly struct MultiplyJob<V, L> : IJob where V : struct where L : struct, ILanes<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            V x = L.Create(1), y = L.Create(1e-7f * chunk);
            V a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (var n = 0; n < FloatSteps; n++)
            {
                a = L.Fma(x, y, a); b = L.Fma(x, y, b); c = L.Fma(x, y, c); d = L.Fma(x, y, d);
                e = L.Fma(x, y, e); f = L.Fma(x, y, f); g = L.Fma(x, y, g); h = L.Fma(x, y, h);
                i = L.Fma(x, y, i); j = L.Fma(x, y, j); k = L.Fma(x, y, k); l = L.Fma(x, y, l);
            }
            var one = L.Create(1);
            var upper = L.Fma(g, one, L.Fma(h, one, L.Fma(i, one, L.Fma(j, one, L.Fma(k, one, l)))));
            Use(L.Fma(a, one, L.Fma(b, one, L.Fma(c, one, L.Fma(d, one, L.Fma(e, one, L.Fma(f, one, upper)))))));
        }
    }

    readonly struct ReadJob(byte* from) : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            Vector512<byte> a = default, b = default, c = default, d = default;
            for (byte* p = from + chunk * (Bytes / Parts), end = p + Bytes / Parts; p < end; p += 256)
            {
                a ^= Vector512.Load(p);
                b ^= Vector512.Load(p + 64);
                c ^= Vector512.Load(p + 128);
                d ^= Vector512.Load(p + 192);
            }
            Use(a ^ b ^ c ^ d);
        }
    }

    /// <summary>Keeps a result alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Use<V>(V v) where V : struct => GC.KeepAlive(v.Equals(default(V)) ? "" : null);

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        workers.Dispose();
        Native.Free(memory, Bytes, hugePages: true);
        memory = null;
        code.Dispose();
    }
}
