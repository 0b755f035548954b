using System.Diagnostics;
using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Tensors;
using Dayu.Tests;

namespace Dayu.Bench;

/// <summary>
/// The tests' own list of ops, at the size of a small model's layer: microseconds forward, and forward and backward
/// together.
/// </summary>
internal static class OpsBench
{
    const int Rounds = 7;

    public static int Run(string? only)
    {
        using var cpu = new CpuBackend(Settings.Threads[^1]);
        Console.WriteLine($"{"op",-36} {"forward",12} {"with backward",14}   (T 512, C 768, N 1024, D 64; medians of {Rounds}, µs)");
        foreach (var c in OpCases.At(new(512, 768, 1024, 64)))
            if (only is null || c.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                Console.WriteLine($"{c.Name,-36} {Time(cpu, c, backward: false),12:F0} "
                    + $"{(c.HasGradient ? $"{Time(cpu, c, backward: true),14:F0}" : $"{"–",14}")}");
        return 0;
    }

    static double Time(CpuBackend cpu, OpCase c, bool backward)
    {
        using var pass = new Arena(cpu);
        var micros = new double[Rounds];
        for (var round = -1; round < Rounds; round++)                  // the first one warms up
        {
            pass.Reset();
            var given = (backward ? c : c with { HasGradient = false }).Operands(pass);
            var start = Stopwatch.GetTimestamp();
            var y = c.Run(given);
            if (backward && y.NeedsGrad) y.Backward(Ones(y));
            if (round >= 0) micros[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        return Statistics.Of(micros).Median;
    }

    static float[] Ones(Tensor y)
    {
        var ones = new float[y.Shape.Count];
        Array.Fill(ones, 1);
        return ones;
    }
}
