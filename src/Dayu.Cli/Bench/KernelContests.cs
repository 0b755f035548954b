using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>Kernels that are timed together, and what is freed when they have been.</summary>
/// <param name="Trials">Who runs in turn.</param>
/// <param name="Lent">Weights, backends.</param>
sealed record KernelContest(IReadOnlyList<KernelTrial> Trials, IReadOnlyList<IDisposable> Lent) : IDisposable
{
    public void Dispose()
    {
        foreach (var lent in Lent) lent.Dispose();
    }
}

/// <summary>The kernels a model's time goes to: products with weights of each number format, products in float32 as training needs them, attention.</summary>
/// <param name="paths">Instruction sets that are compared.</param>
/// <param name="threads">Threads.</param>
sealed class KernelContests(string[] paths, int threads)
{
    const int Side = 4096, Prompt = 512;

    static readonly AttentionSpec attention = new(Heads: 9, KeyValueHeads: 3, HeadWidth: 64);

    static readonly (int T, int N, int K)[] sizes = [(4096, 768, 768), (4096, 3072, 768), (4096, 768, 3072), (1024, 1024, 1024)];

    /// <summary>Number formats that weights can be made in.</summary>
    public static string[] Formats { get; } = [.. DType.Known.Where(d => d != DType.I32 && d.CanEncode).Select(d => d.Name)];

    /// <summary>What can be asked for: groups, and number formats by name.</summary>
    public static string[] Names { get; } = ["quant", "gemm", "attention", .. Formats];

    /// <summary>The contests of what was asked for, each made when it is its turn: weights take memory.</summary>
    public IEnumerable<Func<Roofline, KernelContest>> Of(string[] names)
    {
        foreach (var format in Formats.Select(DType.Named).Where(d => names.Contains(d.Name) || (d.IsQuantised && names.Contains("quant")))) yield return c => Weights(format, c);
        if (names.Contains("gemm")) foreach (var size in sizes) yield return c => Products(size, c);
        if (names.Contains("attention")) yield return Attention;
    }

    KernelContest Weights(DType format, Roofline roofline) => Each(false, (on, path, lent) =>
    {
        var work = Lend(lent, new MatrixWork(on, format, Side, Side));
        return [
            Trial("prefill", format, $"{Prompt}x{Side}x{Side}", path, work.Prefill(Prompt), roofline.Multiply(format), "GOP/s"),
            .. new[] { 1, 4, 8, 32 }.Select(rows => Trial("decode", format, $"{rows}x{Side}x{Side}", path, work.Decode(rows), roofline.Read, "GB/s") with { Multiply = (roofline.Multiply(format), 2.0 * rows * format.BlockValues / format.BlockBytes) }),
        ];
    });

    KernelContest Products((int T, int N, int K) s, Roofline roofline) => Each(true, (on, path, lent) =>
    {
        var (work, shape, rounded) = (Lend(lent, new MatrixWork(on, DType.F32, s.N, s.K)), $"{s.T}x{s.N}x{s.K}", path.EndsWith(Rounding, StringComparison.Ordinal));
        var (format, ceiling) = (rounded ? DType.BF16 : DType.F32, roofline.Multiply(rounded ? DType.BF16 : DType.F32));
        return [Trial("y = x·wᵀ", format, shape, path, work.Prefill(s.T), ceiling, "GOP/s"), Trial("dx += dy·w", format, shape, path, work.InputGradient(s.T), ceiling, "GOP/s"), Trial("dw += dyᵀ·x", format, shape, path, work.WeightGradient(s.T), ceiling, "GOP/s")];
    });

    KernelContest Attention(Roofline roofline) => Each(false, (on, path, lent) =>
    {
        List<KernelTrial> trials = [];
        foreach (var format in Op.CacheFormats)
        {
            var work = Lend(lent, new AttentionWork(on, attention, format));
            trials.Add(Trial("attention", format, $"1 over {Side}", path, work.Decode(Side), roofline.Read, "GB/s"));
            trials.Add(Trial("attention", format, $"{Prompt} over itself", path, work.Prefill(Prompt), roofline.Multiply(DType.F32), "GOP/s"));
        }
        return [.. trials];
    });

    KernelTrial Trial(string kernel, DType format, string shape, string path, BenchmarkCase contender, BenchmarkCase ceiling, string unit) => new(kernel, format.Name, shape, path.Replace(Rounding, "", StringComparison.Ordinal), threads, contender, ceiling, unit);

    const string Rounding = " bf16";

    /// <summary>The same on every instruction set; where it is training's, also with operands rounded to bfloat16, where the machine multiplies these.</summary>
    KernelContest Each(bool training, Func<Backend, string, List<IDisposable>, KernelTrial[]> make)
    {
        List<IDisposable> lent = [];
        try
        {
            List<KernelTrial> trials = [];
            foreach (var path in paths)
            {
                trials.AddRange(make(Lend(lent, Device.Open(threads, exact: false, path)), path, lent));
                if (training && Device.MultipliesBFloat16(path)) trials.AddRange(make(Lend(lent, Device.OpenRounding(threads, path)), path + Rounding, lent));
            }
            return new(trials, [.. Enumerable.Reverse(lent)]);
        }
        catch
        {
            foreach (var one in Enumerable.Reverse(lent)) one.Dispose();
            throw;
        }
    }

    static T Lend<T>(List<IDisposable> lent, T one)
    {
        if (one is IDisposable disposable) lent.Add(disposable);
        return one;
    }
}
