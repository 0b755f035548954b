using System.Runtime.CompilerServices;
using Dayu.Cpu;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Bench;

/// <summary>Quantised products on every path side by side: decode against a plain read of the same bytes, prefill against the multiply-adds of bytes in registers.</summary>
internal static unsafe class QuantBench
{
    const int N = 4096, K = 4096, Layers = 12, Tokens = 512;

    public static int Run(string? only)
    {
        foreach (var threads in Settings.Threads)
        {
            var machines = Settings.Paths.Select(p => new Machine(p, threads)).ToArray();
            Console.WriteLine($"{threads} threads");
            Format<BlockQ8_0, Int8>(machines, "Q8_0", only);
            Format<BlockQ4_0, Int4>(machines, "Q4_0", only);
            Format<BlockQ4_1, Int4Min>(machines, "Q4_1", only);
            foreach (var m in machines) m.Dispose();
        }
        return 0;
    }

    static void Format<B, Q>(Machine[] machines, string name, string? only) where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
    {
        if (only is not null && !name.Contains(only, StringComparison.OrdinalIgnoreCase)) return;
        using var raw = new NativeBuffer((nint)N * K / 32 * sizeof(B));
        var random = new Random(1);
        random.NextBytes(new Span<byte>(raw.Pointer, (int)raw.Bytes));
        for (nint i = 0; i < raw.Bytes; i += sizeof(B)) Unsafe.WriteUnaligned(raw.Pointer + i, 0x2c002c00 & (sizeof(B) == 20 ? -1 : 0xffff));
        using NativeBuffer x = Settings.Floats(Tokens * K), y = Settings.Floats(Tokens * N);
        var weights = Enumerable.Range(0, Layers).Select(_ => PackedWeight.FromBlocks<B, Q>(machines[0], raw.Pointer, K / 32 * sizeof(B), N, K)).ToArray();
        float* px = (float*)x.Pointer, py = (float*)y.Pointer;

        var bytes = Layers * weights[0].Bytes / 1e9;
        var decode = new Rounds($"decode {name} {N}x{K}", "GB/s", machines[0].Workers.Threads).Add("plain read", bytes, () => { foreach (var p in weights) Ceiling.Read(machines[0], p.Into(py, N).Panels, p.Bytes); });
        foreach (var m in machines)
            foreach (var rows in new[] { 1, 2, 4, 8 })
                decode.Add($"{m.Path}, {rows} rows", bytes, () => { foreach (var p in weights) Gemm.Multiply(m, px, K, rows, K, [p.Into(py, N)]); });
        decode.Add("1 row, exact", bytes, () => { foreach (var p in weights) Gemm.Multiply(machines[0], px, K, 1, K, [p.Into(py, N)], exact: true); }).Print();

        using var code = new CodeMemory();
        var (peak, instruction) = (Ceiling.OperationsOf(128), machines[0].Path == CpuPath.Avx512Vnni ? Ceiling.Of(code, (c, z) => c.vpdpbusd(z, zmm30, zmm31)) : null);
        var prefill = new Rounds($"prefill {name} {Tokens}x{N}x{K}", "GOP/s", machines[0].Workers.Threads);
        if (instruction is not null) prefill.Add("vpdpbusd in registers", peak, () => Ceiling.Repeat(machines[0], instruction));
        else prefill.Add("multiply-adds in registers", Ceiling.Operations, () => Ceiling.MultiplyAdds(machines[0]));
        foreach (var m in machines)
            foreach (var rows in new[] { Tokens, 32, 16 })
                prefill.Add($"{m.Path}, {rows} rows", 2.0 * rows * N * K / 1e9, () => Gemm.Multiply(m, px, K, rows, K, [weights[0].Into(py, N)]));
        prefill.Add("exact", 2.0 * Tokens * N * K / 1e9, () => Gemm.Multiply(machines[0], px, K, Tokens, K, [weights[0].Into(py, N)], exact: true)).Print();
        foreach (var p in weights) p.Dispose();
    }
}
