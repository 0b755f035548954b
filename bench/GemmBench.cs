using Dayu.Cpu;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Bench;

/// <summary>Float products, float32 and bfloat16 side by side: packed weights (prefill and decode), and the general one that training uses.</summary>
internal static unsafe class GemmBench
{
    public static int Run()
    {
        foreach (var threads in Settings.Threads)
        {
            using var machine = new Machine(CpuPaths.Detect(), threads);
            Console.WriteLine($"{machine.Path}, {threads} threads");
            foreach (var (t, n, k) in new[] { (4096, 768, 768), (4096, 3072, 768), (4096, 768, 3072), (1024, 1024, 1024), (64, 768, 768) }) Prefill(machine, t, n, k);
            Decode<F32>(machine, "float32", 2048, 2048, 24);
            Decode<F16>(machine, "float16", 4096, 4096, 12);
            Decode<BF16>(machine, "bfloat16", 4096, 4096, 12);
        }
        return 0;
    }

    static void Prefill(Machine machine, int t, int n, int k)
    {
        using NativeBuffer x = Settings.Floats((nint)t * k), w = Settings.Floats((nint)n * k), y = Settings.Floats((nint)t * n), dw = Settings.Floats((nint)n * k);
        using PackedWeight packed = PackedWeight.From(machine, (F32*)w.Pointer, k, n, k), rounded = PackedWeight.Rounded(machine, (float*)w.Pointer, k, n, k);
        float* px = (float*)x.Pointer, pw = (float*)w.Pointer, py = (float*)y.Pointer, pd = (float*)dw.Pointer;
        var work = 2.0 * t * n * k / 1e9;
        var rounds = new Rounds($"{t}x{n}x{k}", "GFLOP/s", machine.Workers.Threads)
            .Add("multiply-adds in registers", Ceiling.Operations, () => Ceiling.MultiplyAdds(machine))
            .Add("y = x · wᵀ, packed weight", work, () => Gemm.Multiply(machine, px, k, t, k, [packed.Into(py, n)]))
            .Add("y = x · wᵀ", work, () => Gemm.Run(machine, t, n, k, new(px, k, 1), new(pw, 1, k), py, n, false))
            .Add("dx += dy · w", work, () => Gemm.Run(machine, t, k, n, new(py, n, 1), new(pw, k, 1), px, k, true))
            .Add("dw += dyᵀ · x", work, () => Gemm.Run(machine, n, k, t, new(py, 1, n), new(px, k, 1), pd, k, true));
        using var code = new CodeMemory();
        if (machine[PanelFormat.BF16].Takes == Packing.Pairs)
        {
            var instruction = Ceiling.Of(code, (c, z) => c.vdpbf16ps(z, zmm30, zmm31));
            rounds.Add("vdpbf16ps in registers", Ceiling.OperationsOf(64), () => Ceiling.Repeat(machine, instruction))
                .Add("bf16 y = x · wᵀ, packed", work, () => Gemm.Multiply(machine, px, k, t, k, [rounded.Into(py, n)]))
                .Add("bf16 y = x · wᵀ", work, () => Gemm.Run(machine, t, n, k, new(px, k, 1), new(pw, 1, k), py, n, false, rounded: true))
                .Add("bf16 dx += dy · w", work, () => Gemm.Run(machine, t, k, n, new(py, n, 1), new(pw, k, 1), px, k, true, rounded: true))
                .Add("bf16 dw += dyᵀ · x", work, () => Gemm.Run(machine, n, k, t, new(py, 1, n), new(px, k, 1), pd, k, true, rounded: true));
        }
        rounds.Print();
    }

    static void Decode<E>(Machine machine, string name, int n, int k, int layers) where E : unmanaged, IElement<E>
    {
        using var w = new NativeBuffer((nint)n * k * sizeof(E));
        using NativeBuffer x = Settings.Floats(16 * k), y = Settings.Floats(16 * n);
        var weights = Enumerable.Range(0, layers).Select(_ => PackedWeight.From(machine, (E*)w.Pointer, k, n, k)).ToArray();
        float* px = (float*)x.Pointer, py = (float*)y.Pointer;
        var work = layers * weights[0].Bytes / 1e9;
        var rounds = new Rounds($"decode {name} {n}x{k}", "GB/s", machine.Workers.Threads).Add("plain read", work, () => { foreach (var p in weights) Ceiling.Read(machine, p.Into(py, n).Panels, p.Bytes); });
        foreach (var rows in new[] { 1, 4, 8 })
            rounds.Add($"{rows} rows", work, () => { foreach (var p in weights) Gemm.Multiply(machine, px, k, rows, k, [p.Into(py, n)]); });
        rounds.Print();
        foreach (var p in weights) p.Dispose();
    }
}
