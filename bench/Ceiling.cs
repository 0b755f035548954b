using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Cpu;
using Iced.Intel;

namespace Dayu.Bench;

/// <summary>What the machine can do at best: multiply-adds that touch no memory, and reads that compute nothing.</summary>
internal static unsafe class Ceiling
{
    const int Sums = 24, Steps = 100_000;

    const int Parts = 64;

    /// <summary>Billions of operations of one <see cref="MultiplyAdds"/>.</summary>
    public static double Operations => Parts * 2e5 * 12 * 2 * 16 / 1e9;

    public static void MultiplyAdds(Machine machine) => machine.Workers.Run(new FmaJob(), Parts);

    /// <summary>Billions of operations of one <see cref="Repeat"/> of an instruction that does so many.</summary>
    public static double OperationsOf(int perInstruction) => (double)Parts * Steps * Sums * perInstruction / 1e9;

    /// <summary>Emitted code that does nothing but an instruction, on 24 sums in turn.</summary>
    public static EmittedTiles Of(CodeMemory memory, Action<Assembler, AssemblerRegisterZMM> instruction) => new(memory, Sums, _ =>
    {
        var tile = new TileAssembler();
        return tile.Assemble(0, Sums, 1, 0, 0, 0, () => { for (var i = 0; i < Sums; i++) instruction(tile.Code, TileAssembler.Zmm(i)); });
    });

    public static void Repeat(Machine machine, EmittedTiles code) => machine.Workers.Run(new RepeatJob(code), Parts);

    readonly struct RepeatJob(EmittedTiles code) : IJob
    {
        public void Run(int chunk)
        {
            var sums = stackalloc float[Sums * 16];
            code[Sums](Steps, null, null, sums, 16, 0);
        }
    }

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
