using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What every backend owes beyond its kernels.</summary>
public sealed class BackendTests
{
    public static TheoryData<string> Names => [.. Backends.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void BytesComeBackAndMemoryIsAligned(string backend)
    {
        using var on = Backends.Make(backend);
        using var arena = new Arena(on.Backend);
        for (var n = 1; n < 3000; n = 2 * n + 1)
        {
            var t = arena.Ints([.. Enumerable.Range(-5, n)]);
            Assert.Equal(0, t.Address % 64);
            Assert.Equal(Enumerable.Range(-5, n).Select(v => (float)v), t.ToArray());
            var filled = arena.New(n);
            on.Backend.Fill(filled, 2.5f);
            Assert.All(filled.ToArray(), v => Assert.Equal(2.5f, v));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientsAccumulateAndGoOnlyWhereWanted(string backend)
    {
        using var on = Backends.Make(backend);
        using var lasting = new Arena(on.Backend);
        Tensor wanted = lasting.New(2, 3).Set([1f, 2, 3, 4, 5, 6]), other = lasting.New(2, 3).Set([1f, 1, 1, 1, 1, 1]);
        wanted.NeedsGrad = true;
        for (var step = 1; step <= 3; step++)
        {
            (wanted + other).Backward([1, 2, 3, 4, 5, 6]);
            Assert.Equal([1f * step, 2 * step, 3 * step, 4 * step, 5 * step, 6 * step], wanted.Grad.ToArray());
            Assert.False(other.HasGrad);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NumbersOutOfRangeAreNamed(string backend)
    {
        using var on = Backends.Make(backend);
        using var a = new Arena(on.Backend);
        var table = a.New(4, 3).Set(new float[12]);
        Says(() => Op.Gather(table, a.Ints([0, 4])), "gather", "4", "3");
        Says(() => Op.Gather(table, a.Ints([-1])), "gather", "-1");
        Says(() => Op.Gather(table, a.Ints([int.MinValue])), "gather", "-2147483648");
        Says(() => Op.Scatter(table, a.New(1, 3), a.Ints([7])), "scatter", "7");
        Says(() => Op.CrossEntropy(table, a.Ints([0, 1, 3, 2])), "cross-entropy", "3");
        Says(() => Op.CrossEntropy(table, a.Ints([0, 1, -1, 2])), "cross-entropy", "-1");

        static void Says(Action act, params string[] parts)
        {
            var e = Assert.ThrowsAny<ArgumentOutOfRangeException>(act);
            Assert.All(parts, p => Assert.Contains(p, e.Message));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MemoryThatIsNotThereIsAskedForByNumber(string backend)
    {
        using var on = Backends.Make(backend);
        using var a = new Arena(on.Backend);
        var e = Assert.ThrowsAny<OutOfMemoryException>(() => a.New(1L << 20, 1L << 25));
        Assert.Contains("bytes", e.Message);
    }
}
