using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Cpu;

namespace Dayu.Bench;

/// <summary>What the machine can do at best: multiply-adds that touch no memory, and reads that compute nothing.</summary>
internal static unsafe class Ceiling
{
    const int Parts = 64;

    /// <summary>Billions of operations of one <see cref="MultiplyAdds"/>.</summary>
    public static double Operations => Parts * 2e5 * 12 * 2 * 16 / 1e9;

    public static void MultiplyAdds(Machine machine) => machine.Workers.Run(new FmaJob(), Parts);

    public static void Read(Machine machine, byte* p, nint bytes) => machine.Workers.Run(new ReadJob(p, bytes / Parts), Parts);

    readonly struct FmaJob : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            Vector512<float> x = Vector512.Create(1f), y = Vector512.Create(1e-7f * chunk), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (var n = 0; n < 200_000; n++)
            {
                a = Vector512.FusedMultiplyAdd(x, y, a); b = Vector512.FusedMultiplyAdd(x, y, b); c = Vector512.FusedMultiplyAdd(x, y, c); d = Vector512.FusedMultiplyAdd(x, y, d);
                e = Vector512.FusedMultiplyAdd(x, y, e); f = Vector512.FusedMultiplyAdd(x, y, f); g = Vector512.FusedMultiplyAdd(x, y, g); h = Vector512.FusedMultiplyAdd(x, y, h);
                i = Vector512.FusedMultiplyAdd(x, y, i); j = Vector512.FusedMultiplyAdd(x, y, j); k = Vector512.FusedMultiplyAdd(x, y, k); l = Vector512.FusedMultiplyAdd(x, y, l);
            }
            Use(a + b + c + d + e + f + g + h + i + j + k + l);
        }
    }

    readonly struct ReadJob(byte* from, nint bytes) : IJob
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int chunk)
        {
            Vector512<byte> a = default, b = default, c = default, d = default;
            for (byte* p = from + chunk * bytes, end = p + bytes - 255; p < end; p += 256)
            {
                a ^= Vector512.Load(p); b ^= Vector512.Load(p + 64); c ^= Vector512.Load(p + 128); d ^= Vector512.Load(p + 192);
            }
            Use((a ^ b ^ c ^ d).AsSingle());
        }
    }

    /// <summary>Keeps a result alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Use(Vector512<float> v) => GC.KeepAlive(v[0] == 12345 ? "" : null);
}
