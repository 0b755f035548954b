using Dayu.Cpu;

namespace Dayu.Tests;

/// <summary>
/// Emitted tiles against those in C#, bit by bit, and what happens where the system lets no code be made.
/// </summary>
public sealed unsafe class EmitTests
{
    static void Needs(CpuPath path)
    {
        if (!CpuPaths.IsAvailable(path))
            Assert.Skip($"this machine has no {path}{(CpuPaths.EmissionRefusal is { } why ? $": {why}" : "")}");
    }

    static readonly PanelFormat[] quantised =
    [
        PanelFormat.Int8, PanelFormat.Int4, PanelFormat.Int4Min, PanelFormat.Fine5, PanelFormat.Fine8,
        PanelFormat.Coarse5, PanelFormat.Coarse8,
    ];

    static readonly CpuPath[] emitted = [CpuPath.Avx512Vnni, CpuPath.Avx2Emitted];

    public static TheoryData<CpuPath, int, int, bool> Tiles =>
        new(
            from path in emitted
            from format in quantised
            from steps in new[] { 1, 2, 5 }
            from resume in new[] { false, true }
            select (path, (int)format, steps, resume));

    /// <summary>Every height; memory that ends where it must not be read any further.</summary>
    [Theory, MemberData(nameof(Tiles))]
    public void QuantisedTilesHaveTheBitsOfThoseInCSharp(CpuPath path, int format, int steps, bool resume)
    {
        Needs(path);
        using var code = new CodeMemory();
        MicroKernel emitted = MicroKernels.For(path, code)[format], plain = MicroKernels.For(CpuPaths.InCSharp(path), null)[format];
        if (path == CpuPath.Avx2Emitted && (PanelFormat)format >= PanelFormat.Fine5) Assert.Skip("expanded panels are multiplied in C#");
        Assert.NotNull(emitted.Emitted);
        for (var rows = 1; rows <= emitted.Rows; rows++)
            Same(emitted, plain, rows, steps, resume, panel => Fill(panel, (PanelFormat)format, emitted.StepBytes),
                KernelCases.Floats(rows * steps * 64, 2));
    }

    public static TheoryData<CpuPath, byte, float> Largest =>
        new(from path in emitted from weight in new byte[] { 0, 255 } from x in new[] { -1f, 1f } select (path, weight, x));

    /// <summary>The largest products there are, of either sign: no sum in 16 bits may overflow.</summary>
    [Theory, MemberData(nameof(Largest))]
    public void TheLargestProducts(CpuPath path, byte weight, float x)
    {
        Needs(path);
        using var code = new CodeMemory();
        foreach (var format in (PanelFormat[])[PanelFormat.Int8, PanelFormat.Int4, PanelFormat.Int4Min])
        {
            MicroKernel emitted = MicroKernels.For(path, code)[(int)format];
            MicroKernel plain = MicroKernels.For(CpuPaths.InCSharp(path), null)[(int)format];
            Same(emitted, plain, emitted.Rows, steps: 2, resume: false, panel =>
            {
                Fill(panel, format, emitted.StepBytes);
                for (var at = 0; at < panel.Length; at++)
                    if (at % emitted.StepBytes >= emitted.StepBytes - 2 * 16 * (format == PanelFormat.Int8 ? 32 : 16)) panel[at] = weight;
            }, [.. Enumerable.Repeat(x, emitted.Rows * 128)]);
        }
    }

    static void Same(MicroKernel emitted, MicroKernel plain, int rows, int steps, bool resume, Filling fill, float[] values)
    {
        using PageEnd x = new(steps * rows * emitted.RowBytes), panel = new(steps * emitted.StepBytes);
        using Guarded<float> y = new(KernelCases.Floats(rows * 20, 1)), expected = new(y.Span), floats = new(values);
        fill(new(panel.Pointer, steps * emitted.StepBytes));
        new QuantizeRows(new(floats.Pointer, steps * 64, 1), rows, steps * 64, x.Pointer, rows, emitted.IsFine).Run(0);
        emitted.Run(rows, steps, x.Pointer, panel.Pointer, y.Pointer, 20, resume);
        plain.Run(rows, steps, x.Pointer, panel.Pointer, expected.Pointer, 20, resume);
        Assert.Equal(expected.Span, y.Span);
        Assert.DoesNotContain(float.NaN, y.Span.ToArray());
    }

    delegate void Filling(Span<byte> panel);

    /// <summary>
    /// Random integers; at the head of each step finite scales and minima, a subnormal half among them.
    /// </summary>
    static void Fill(Span<byte> panel, PanelFormat format, int step)
    {
        var (random, floats) = (new Random(3), format >= PanelFormat.Fine5);
        random.NextBytes(panel);
        if (format is PanelFormat.Fine5 or PanelFormat.Coarse5) foreach (ref var b in panel) b &= 31;
        var head = step - 2 * 16 * (floats || format == PanelFormat.Int8 ? 32 : 16);
        for (var at = 0; at < panel.Length; at += step)
            for (var i = 0; i < head; i += floats ? 4 : 2)
                if (floats) BitConverter.TryWriteBytes(panel[(at + i)..], random.NextSingle() - 0.5f);
                else BitConverter.TryWriteBytes(panel[(at + i)..], (Half)(i % 14 == 0 ? 3e-6 : random.NextDouble() - 0.5));
    }

    static readonly (string Format, int N, int K)[] shapes =
    [
        ("q8_0", 17, 96), ("q4_0", 33, 160), ("q4_1", 16, 1600), ("q6_k", 17, 512), ("q4_k", 33, 256),
        ("q5_k", 16, 512), ("q2_k", 33, 256), ("mxfp4", 17, 96), ("iq4_nl", 16, 96),
    ];

    public static TheoryData<CpuPath, string, int, int> Shapes =>
        new(from path in emitted from shape in shapes select (path, shape.Format, shape.N, shape.K));

    /// <summary>One row, two, eight, and 512: the same bits; and those of the path in C#.</summary>
    [Theory, MemberData(nameof(Shapes))]
    public void AnyNumberOfRowsOnBothPaths(CpuPath path, string format, int n, int k)
    {
        Needs(path);
        using Machine emitted = new(path, 2), plain = new(CpuPaths.InCSharp(path), 2);
        using var x = new Guarded<float>(KernelCases.Floats(512 * k, 6));
        using var w = Packed(emitted, format, n, k);
        using Guarded<float> whole = new(512 * n), other = new(512 * n);
        Gemm.Multiply(emitted, x.Pointer, k, 512, k, [w.Into(whole.Pointer, n)]);
        Gemm.Multiply(plain, x.Pointer, k, 512, k, [w.Into(other.Pointer, n)]);
        Assert.Equal(other.Span, whole.Span);
        foreach (var rows in new[] { 1, 2, 8 })
        {
            other.Span.Clear();
            for (var row = 0; row < 512; row += rows)
                Gemm.Multiply(emitted, x.Pointer + row * k, k, rows, k, [w.Into(other.Pointer + row * n, n)]);
            Assert.Equal(other.Span, whole.Span);
        }
    }

    /// <summary>[n, k] random values in a format.</summary>
    internal static PackedWeight Packed(Machine machine, string format, int n, int k)
    {
        var dtype = Tensors.DType.Named(format);
        using var raw = new Guarded<byte>((int)dtype.BytesFor(n * k));
        dtype.Encode(KernelCases.Floats(n * k, 5), raw.Span);
        PackedWeight[] weights = [PackedWeight.Of(machine, dtype, raw.Pointer, n, k)];
        PackedWeight.Pack(machine, weights);
        return weights[0];
    }

    /// <summary>
    /// A hardened system: pages stay as they are. The kernels in C# do the work, and the reason is kept.
    /// </summary>
    [Fact]
    public void WhereNoCodeCanBeMadeTheKernelsInCSharpRun()
    {
        using var refused = new CodeMemory((_, _) => false);
        Assert.Contains("does not let memory be made executable", refused.Refusal);
        Assert.Throws<NotSupportedException>(() => refused.Add([0xc3]));
        var path = emitted.FirstOrDefault(CpuPaths.IsAvailable, CpuPath.Portable);
        Needs(path);
        using var machine = new Machine(path, 2, seal: (_, _) => false);
        Assert.Equal(CpuPaths.InCSharp(path), machine.Path);
        Assert.All(machine.Kernels, k => Assert.Null(k.Emitted));
    }

    [Fact]
    public void CodeIsNeverWritableAndExecutable()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("reads /proc/self/maps");
        using var code = new CodeMemory();
        if (code.Refusal is { } why) Assert.Skip(why);
        var address = (long)code.Add([0xc3]);
        Assert.Contains(File.ReadLines("/proc/self/maps"), line => line.Contains(" r-xp ") && Holds(line.Split(' ')[0], address));

        static bool Holds(string range, long address) => range.Split('-') is [var from, var to]
            && Convert.ToInt64(from, 16) <= address && address < Convert.ToInt64(to, 16);
    }
}
