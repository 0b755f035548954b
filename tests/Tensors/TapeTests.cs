using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Stretches of a pass that are not recorded, or are unwound by themselves.</summary>
public sealed class TapeTests
{
    readonly ReferenceBackend on = new();

    static Tensor Parameter(Arena arena, params float[] values)
    {
        var x = arena.New(values.Length).Set(values);
        x.NeedsGrad = true;
        return x;
    }

    [Fact]
    public void APauseRecordsNothingAndEndsWithItsRegion()
    {
        using var a = new Arena(on);
        var x = Parameter(a, 1, -2);
        using (a.Tape.Pause())
        {
            using (a.Tape.Pause()) Assert.False(Op.Tanh(x).NeedsGrad);
            Assert.False(Op.Tanh(x).NeedsGrad);
        }
        Assert.Equal(0, a.Tape.Count);
        Assert.True(Op.Tanh(x).NeedsGrad);
        Assert.Equal(1, a.Tape.Count);
    }

    /// <summary>
    /// A region is unwound to its mark: what was recorded before is still there, with the gradient that the region gave
    /// it.
    /// </summary>
    [Fact]
    public void ARegionIsUnwoundByItself()
    {
        using var a = new Arena(on);
        var x = Parameter(a, 0.5f, -1);
        var y = x * 3;
        var (mark, live) = (a.Tape.Mark(), a.Live.Count);
        (y * y).Backward(a.New(2).Set([1f, 10]), mark);
        Assert.Equal(live, a.Live.Count);
        Assert.Equal(1, a.Tape.Count);
        Assert.Equal([3f, -60], y.Grad.ToArray());                    // 2·y·dy
        Assert.False(x.HasGrad);
        y.Backward([3, -60]);
        Assert.Equal([9f, -180], x.Grad.ToArray());
    }

    /// <summary>
    /// A region that is computed and unwound in the middle of a backward pass, as checkpointing does it.
    /// </summary>
    [Fact]
    public void AStepMayUnwindARegion()
    {
        using var a = new Arena(on);
        var x = Parameter(a, 0.5f, -1);
        var before = x * 2;
        Tensor y;
        using (a.Tape.Pause()) y = Op.Tanh(before);
        y = y.Records(dy =>
        {
            var mark = a.Tape.Mark();
            Op.Tanh(before).Backward(dy, mark);
        });
        (y * 5).Backward([1, 1]);
        Assert.Equal(0, a.Tape.Count);
        double[] expected = [.. new[] { 1.0, -2 }.Select(v => 10 * (1 - Math.Tanh(v) * Math.Tanh(v)))];
        Assert.All(expected.Zip(x.Grad.ToArray()), p => Assert.Equal(p.First, p.Second, 1e-5));
    }
}
