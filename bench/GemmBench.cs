using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Bench;

/// <summary>
/// Products in float32 against OpenBLAS, and in bfloat16 against float32: forward with a weight packed once, and the
/// three products of training, everything packed anew as OpenBLAS does.
/// </summary>
internal static unsafe class GemmBench
{
    const int Often = 15;

    static readonly (int T, int N, int K)[] sizes = [(4096, 768, 768), (4096, 3072, 768), (4096, 768, 3072), (1024, 1024, 1024)];

    public static int Run()
    {
        Console.WriteLine(Table());
        return 0;
    }

    /// <summary>The table, in Markdown: GFLOP/s, and ratios round by round.</summary>
    public static string Table()
    {
        List<string> lines =
        [
            "| product | threads | float32, GFLOP/s | OpenBLAS | ratio | bfloat16 | ratio to float32 |",
            "|---|---|---|---|---|---|---|",
        ];
        var found = false;
        foreach (var threads in Settings.Threads)
        {
            using var machine = new Machine(CpuPaths.Detect(), threads);
            using var blas = OpenBlas.Find(threads);
            found |= blas is not null;
            foreach (var size in sizes) lines.AddRange(Products(machine, blas, size));
        }
        if (!found) lines.Add("\nOpenBLAS was not found (Debian: libopenblas0-pthread; DAYU_OPENBLAS names another).");
        return string.Join('\n', lines);
    }

    static List<string> Products(Machine machine, OpenBlas? blas, (int T, int N, int K) size)
    {
        var (t, n, k) = size;
        using NativeBuffer x = Settings.Floats((nint)t * k), w = Settings.Floats((nint)n * k), y = Settings.Floats((nint)t * n);
        using PackedWeight packed = PackedWeight.From(machine, (F32*)w.Pointer, k, n, k);
        using PackedWeight rounded = PackedWeight.Rounded(machine, (float*)w.Pointer, k, n, k);
        float* px = (float*)x.Pointer, pw = (float*)w.Pointer, py = (float*)y.Pointer;
        using NativeBuffer dx = Settings.Floats((nint)t * k), dw = Settings.Floats((nint)n * k);
        float* pdx = (float*)dx.Pointer, pdw = (float*)dw.Pointer;
        var hasPairs = CpuPaths.MultipliesBFloat16(machine.Path);

        (string Name, Action<bool> Ours, Action<OpenBlas> Theirs)[] products =
        [
            ("y = x·wᵀ, packed", r => Gemm.Multiply(machine, px, k, t, k, [(r ? rounded : packed).Into(py, n)]),
                b => b.Multiply(t, n, k, px, false, pw, true, py, 0)),
            ("y = x·wᵀ", r => Gemm.Run(machine, t, n, k, new(px, k, 1), new(pw, 1, k), py, n, false, r),
                b => b.Multiply(t, n, k, px, false, pw, true, py, 0)),
            ("dx += dy·w", r => Gemm.Run(machine, t, k, n, new(py, n, 1), new(pw, k, 1), pdx, k, true, r),
                b => b.Multiply(t, k, n, py, false, pw, false, pdx, 1)),
            ("dw += dyᵀ·x", r => Gemm.Run(machine, n, k, t, new(py, 1, n), new(px, k, 1), pdw, k, true, r),
                b => b.Multiply(n, k, t, py, true, px, false, pdw, 1)),
        ];
        var (work, lines) = (2.0 * t * n * k / 1e9, new List<string>());
        foreach (var (name, ours, theirs) in products)
        {
            BenchmarkCase plain = new("float32", work, _ => ours(false));
            BenchmarkCase? peer = blas is null ? null : new("OpenBLAS", work, _ => theirs(blas));
            BenchmarkCase? half = hasPairs ? new("bfloat16", work, _ => ours(true)) : null;
            InterleavedRuns.Run([plain, .. new[] { peer, half }.OfType<BenchmarkCase>()], Often, Settings.Clock(machine.Workers.Threads));
            lines.Add($"| {name}, {t}×{n}×{k} | {machine.Workers.Threads} | {plain.Rate.Median:F0} | "
                + $"{(peer is null ? "–" : $"{peer.Rate.Median:F0}")} | "
                + $"{(peer is null ? "–" : $"{plain.RatioTo(peer).Median:F2}")} | "
                + $"{(half is null ? "–" : $"{half.Rate.Median:F0}")} | {(half is null ? "–" : $"{half.RatioTo(plain).Median:F2}")} |");
        }
        return lines;
    }
}
