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

/// <summary>
/// The kernels a model's time goes to: products with weights of each number format, products in float32 as training needs them,
/// attention.
/// </summary>
/// <param name="paths">Instruction sets that are compared.</param>
/// <param name="threads">Threads.</param>
sealed class KernelContests(string[] paths, int threads)
{
    const int Side = 4096, Prompt = 512;

    static readonly AttentionSpec attention = new(Heads: 9, KeyValueHeads: 3, HeadWidth: 64);

    static readonly int[] batches = [1, 4, 8, 32];

    static readonly (int T, int N, int K)[] sizes = [(4096, 768, 768), (4096, 3072, 768), (4096, 768, 3072), (1024, 1024, 1024)];

    /// <summary>Number formats that weights can be made in.</summary>
    public static string[] Formats { get; } = [.. DType.Known.Where(d => d != DType.I32 && d.CanEncode).Select(d => d.Name)];

    /// <summary>What can be asked for: groups, and number formats by name.</summary>
    public static string[] Names { get; } = ["quant", "gemm", "attention", .. Formats];

    /// <summary>The contests of what was asked for, each made when it is its turn: weights take memory.</summary>
    public IEnumerable<Func<Roofline, KernelContest>> Of(string[] names)
    {
        foreach (var format in Formats.Select(DType.Named))
            if (names.Contains(format.Name) || (format.IsQuantised && names.Contains("quant"))) yield return c => Weights(format, c);
        if (names.Contains("gemm")) foreach (var size in sizes) yield return c => Products(size, c);
        if (names.Contains("attention")) yield return Attention;
    }

    KernelContest Weights(DType format, Roofline roofline) => Each(false, (engine, lent) =>
    {
        var work = Lend(lent, new MatrixWork(engine.On, format, Side, Side));
        var multiply = roofline.Multiply(format);
        var reading = Trial("prefill", format, $"{Prompt}x{Side}x{Side}", engine, work.Prefill(Prompt), multiply, "GOP/s");
        return [reading, .. batches.Select(Decoding)];

        KernelTrial Decoding(int rows)
        {
            var trial = Trial("decode", format, $"{rows}x{Side}x{Side}", engine, work.Decode(rows), roofline.Read, "GB/s");
            return trial with { Multiply = (multiply, 2.0 * rows * format.BlockValues / format.BlockBytes) };
        }
    });

    KernelContest Products((int T, int N, int K) s, Roofline roofline) => Each(true, (engine, lent) =>
    {
        var work = Lend(lent, new MatrixWork(engine.On, DType.F32, s.N, s.K));
        var format = engine.Rounds ? DType.BF16 : DType.F32;
        return
        [
            Product("y = x·wᵀ", work.Prefill(s.T)),
            Product("dx += dy·w", work.InputGradient(s.T)),
            Product("dw += dyᵀ·x", work.WeightGradient(s.T)),
        ];

        KernelTrial Product(string name, BenchmarkCase run) =>
            Trial(name, format, $"{s.T}x{s.N}x{s.K}", engine, run, roofline.Multiply(format), "GOP/s");
    });

    KernelContest Attention(Roofline roofline) => Each(false, (engine, lent) =>
    {
        List<KernelTrial> trials = [];
        foreach (var format in Op.CacheFormats)
        {
            var work = Lend(lent, new AttentionWork(engine.On, attention, format));
            var (answering, reading) = (work.Decode(Side), work.Prefill(Prompt));
            trials.Add(Trial("attention", format, $"1 over {Side}", engine, answering, roofline.Read, "GB/s"));
            trials.Add(Trial("attention", format, $"{Prompt} over itself", engine, reading, roofline.Multiply(DType.F32), "GOP/s"));
        }
        return [.. trials];
    });

    KernelTrial Trial(string kernel, DType format, string shape, Engine engine, BenchmarkCase run, BenchmarkCase ceiling, string unit) =>
        new(kernel, format.Name, shape, engine.Path, threads, run, ceiling, unit);

    /// <summary>What computes.</summary>
    /// <param name="On">The backend.</param>
    /// <param name="Path">Its instruction set.</param>
    /// <param name="Rounds">Whether it rounds operands to bfloat16.</param>
    sealed record Engine(Backend On, string Path, bool Rounds);

    /// <summary>The same on every instruction set; in training also rounding to bfloat16, where the machine multiplies that.</summary>
    KernelContest Each(bool training, Func<Engine, List<IDisposable>, KernelTrial[]> make)
    {
        List<IDisposable> lent = [];
        try
        {
            List<KernelTrial> trials = [];
            foreach (var path in paths)
            {
                trials.AddRange(make(new(Lend(lent, Device.Open(threads, exact: false, path)), path, Rounds: false), lent));
                if (!training || !Device.MultipliesBFloat16(path)) continue;
                trials.AddRange(make(new(Lend(lent, Device.OpenRounding(threads, path)), path, Rounds: true), lent));
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
