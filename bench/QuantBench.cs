using System.Runtime.CompilerServices;
using Dayu.Cpu;

namespace Dayu.Bench;

/// <summary>Quantised products: decode against a plain read of the same bytes, prefill against multiply-adds in registers.</summary>
internal static unsafe class QuantBench
{
    public static int Run()
    {
        foreach (var threads in Settings.Threads)
        {
            using var machine = new Machine(CpuPaths.Detect(), threads);
            Console.WriteLine($"{machine.Path}, {threads} threads");
            Format<BlockQ8_0, Int8>(machine, "Q8_0");
            Format<BlockQ4_0, Int4>(machine, "Q4_0");
            Format<BlockQ4_1, Int4Min>(machine, "Q4_1");
        }
        return 0;
    }

    static void Format<B, Q>(Machine machine, string name) where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
    {
        const int N = 4096, K = 4096, Layers = 12, Tokens = 512;
        using var raw = new NativeBuffer((nint)N * K / 32 * sizeof(B));
        var random = new Random(1);
        random.NextBytes(new Span<byte>(raw.Pointer, (int)raw.Bytes));
        for (nint i = 0; i < raw.Bytes; i += sizeof(B)) Unsafe.WriteUnaligned(raw.Pointer + i, 0x2c002c00 & (sizeof(B) == 20 ? -1 : 0xffff));
        using NativeBuffer x = Settings.Floats(Tokens * K), y = Settings.Floats(Tokens * N);
        var weights = Enumerable.Range(0, Layers).Select(_ => PackedWeight.FromBlocks<B, Q>(machine, raw.Pointer, K / 32 * sizeof(B), N, K)).ToArray();
        float* px = (float*)x.Pointer, py = (float*)y.Pointer;

        var bytes = Layers * weights[0].Bytes / 1e9;
        var rounds = new Rounds($"decode {name} {N}x{K}", "GB/s").Add("plain read", bytes, () => { foreach (var p in weights) Ceiling.Read(machine, p.Into(py, N).Panels, p.Bytes); });
        foreach (var rows in new[] { 1, 4, 8 })
            rounds.Add($"{rows} rows", bytes, () => { foreach (var p in weights) Gemm.Multiply(machine, px, K, rows, K, [p.Into(py, N)]); });
        rounds.Add("1 row, exact", bytes, () => { foreach (var p in weights) Gemm.Multiply(machine, px, K, 1, K, [p.Into(py, N)], exact: true); }).Print();

        var work = 2.0 * Tokens * N * K / 1e9;
        new Rounds($"prefill {name} {Tokens}x{N}x{K}", "GOP/s").Add("multiply-adds in registers", Ceiling.Operations, () => Ceiling.MultiplyAdds(machine))
            .Add("quantised x", work, () => Gemm.Multiply(machine, px, K, Tokens, K, [weights[0].Into(py, N)]))
            .Add("exact", work, () => Gemm.Multiply(machine, px, K, Tokens, K, [weights[0].Into(py, N)], exact: true)).Print();
        foreach (var p in weights) p.Dispose();
    }
}
