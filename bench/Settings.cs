using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Bench;

/// <summary>What all benches share.</summary>
internal static unsafe class Settings
{
    public static int[] Threads =>
        int.TryParse(Environment.GetEnvironmentVariable("DAYU_THREADS"), out var n) ? [n] : [1, Environment.ProcessorCount];

    /// <summary>With one thread the processor's time: what other programs take meanwhile does not count.</summary>
    public static TimeProvider Clock(int threads) => threads == 1 ? new ProcessorTime() : TimeProvider.System;

    /// <summary>Values between −1 and 1, always the same.</summary>
    public static NativeBuffer Floats(nint count)
    {
        var buffer = new NativeBuffer(count * sizeof(float));
        var random = new Random(1);
        for (nint i = 0; i < count; i++) ((float*)buffer.Pointer)[i] = random.NextSingle() * 2 - 1;
        return buffer;
    }
}
