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
        using var memory = new PeakMemory(own: default);
        var before = memory.Use;
        var taken = on.Allocate(Size);
        on.Upload(bytes, taken);
        Assert.InRange(memory.Use.Private - before.Private, Size / 2, long.MaxValue);
        on.Free(taken, Size);
        Assert.InRange(memory.Use.Resident - before.Resident, Size / 2, long.MaxValue);
        using var later = new PeakMemory(own: default);
        if (OperatingSystem.IsLinux()) Assert.InRange(later.Use.Resident, 0, Size / 2);   // from now on
    }
}
