using Dayu.Cpu;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>What is measured of the whole process suffers no neighbours: runs when all others have ended.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

/// <summary>Memory that was taken and given back is seen.</summary>
[Collection("alone")]
public sealed class PeakMemoryTests
{
    const int Size = 64 << 20;

    [Fact]
    public void TheHighestCounts()
    {
        using var on = new CpuBackend(1);
        var bytes = new byte[Size];
        var memory = new PeakMemory(own: 1000);
        var before = memory.Bytes;
        var taken = on.Allocate(Size);
        on.Upload(bytes, taken);
        on.Free(taken, Size);
        Assert.InRange(memory.Bytes - before, Size / 2, long.MaxValue);
        if (OperatingSystem.IsLinux()) Assert.InRange(new PeakMemory(own: 0).Bytes, 0, Size / 2);   // from now on
    }
}
