using Dayu.Cpu;
using Dayu.Tensors;
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
            foreach (var dtype in DType.Known)
                if (dtype is { IsQuantised: true, CanEncode: true } && (only is null || dtype.Name.Contains(only, StringComparison.OrdinalIgnoreCase))) Format(machines, dtype);
            foreach (var m in machines) m.Dispose();
        }
        return 0;
    }

    static PackedWeight Pack(Machine machine, DType dtype, byte* rows) => dtype.Name switch
    {
        "q8_0" => PackedWeight.FromQ8_0(machine, rows, (nint)dtype.BytesFor(K), N, K),
        "q4_0" => PackedWeight.FromQ4_0(machine, rows, (nint)dtype.BytesFor(K), N, K),
        "q4_1" => PackedWeight.FromQ4_1(machine, rows, (nint)dtype.BytesFor(K), N, K),
        _ => PackedWeight.FromForm(machine, dtype, rows, (nint)dtype.BytesFor(K), N, K),
    };

    static void Format(Machine[] machines, DType dtype)
    {
        using NativeBuffer raw = new((nint)dtype.BytesFor((long)N * K)), row = Settings.Floats(K);
        dtype.Encode(new((float*)row.Pointer, K), new(raw.Pointer, (int)dtype.BytesFor(K)));
        for (nint i = 1; i < N; i++) new Span<byte>(raw.Pointer, (int)dtype.BytesFor(K)).CopyTo(new(raw.Pointer + i * (nint)dtype.BytesFor(K), (int)dtype.BytesFor(K)));
        using NativeBuffer x = Settings.Floats(Tokens * K), y = Settings.Floats(Tokens * N);
        var weights = Enumerable.Range(0, Layers).Select(_ => Pack(machines[0], dtype, raw.Pointer)).ToArray();
        var name = dtype.Name;
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
