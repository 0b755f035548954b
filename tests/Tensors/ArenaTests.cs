using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Who owns memory, and for how long.</summary>
public sealed class ArenaTests
{
    readonly ReferenceBackend on = new();

    [Fact]
    public void ARecycledTensorSaysWhatToDo()
    {
        using var a = new Arena(on);
        var before = a.New(3).Set([1f, 2, 3]);
        var mark = a.Mark();
        Tensor lost = a.New(4), result = a.New(2).Set([7f, 8]), kept = a.Keep(a.New(1).Set([9f]));
        a.Recycle(mark, keep: result);
        Assert.Contains("Keep", Assert.Throws<ObjectDisposedException>(() => lost.ToArray()).Message);
        Assert.Equal([1f, 2, 3], before.ToArray());
        Assert.Equal([7f, 8], result.ToArray());
        Assert.Equal([9f], kept.ToArray());
        a.Reset();
        Assert.Throws<ObjectDisposedException>(() => kept.ToArray());
        Assert.Throws<ObjectDisposedException>(() => Op.Add(before, before));
    }

    [Fact]
    public void PassesOfManyLengthsShareMemory()
    {
        using var a = new Arena(on);
        for (var round = 0; round < 3; round++)
        {
            for (var n = 1; n <= 512; n++)
            {
                for (var layer = 0; layer < 4; layer++) Op.Relu(a.New(n, 8));
                a.Reset();
            }
        }
        Assert.True(a.Bytes < 20 * 512 * 8 * sizeof(float) * 8, $"{a.Bytes} bytes");
        var taken = a.Bytes;
        for (var n = 1; n <= 512; n += 7) { a.New(n, 8); a.Reset(); }
        Assert.Equal(taken, a.Bytes);
    }

    [Fact]
    public void UnwindingGivesMemoryBack()
    {
        using Arena lasting = new(on), pass = new(on);
        var w = new Weight("w", lasting.New(16, 16).Set(new Input(DType.F32, new(16, 16)).Values(1)));
        w.Tensor.NeedsGrad = true;
        var afterFirst = 0L;
        for (var step = 0; step < 5; step++)
        {
            var x = pass.New(8, 16).Set(new Input(DType.F32, new(8, 16)).Values(2));
            var start = pass.Live.Count;
            for (var layer = 0; layer < 20; layer++) x = Op.Tanh(Op.MatMul(x, w));
            var forward = pass.Bytes;
            Op.CrossEntropy(x, pass.Ints([1, 2, 3, 4, 5, 6, 7, 8])).Backward();
            Assert.True(pass.Bytes - forward <= 20 * 512, $"{pass.Bytes - forward} bytes for gradients; "
                + "a few activations at a time are needed, not all 40");
            Assert.True(pass.Live.Count <= start + 2, $"{pass.Live.Count - start} tensors still live after the tape was unwound");
            Assert.Equal(0, pass.Tape.Count);
            pass.Reset();
            if (step == 0) afterFirst = pass.Bytes;
            Assert.Equal(afterFirst, pass.Bytes);
        }
    }

    [Fact]
    public void WhatTheLossDoesNotDependOnHasNoGradient()
    {
        using var a = new Arena(on);
        Tensor x = a.New(2).Set([1f, 2]), unused = a.New(2).Set([3f, 4]);
        (x.NeedsGrad, unused.NeedsGrad) = (true, true);
        var y = Op.Tanh(x);
        _ = Op.Tanh(unused);
        y.Backward([1, 1]);
        Assert.True(x.HasGrad);
        Assert.False(unused.HasGrad);
    }

    [Fact]
    public void BackwardSaysWhatItMisses()
    {
        using var a = new Arena(on);
        var x = a.New(2, 2).Set(new float[4]);
        Assert.Contains("one value", Assert.Throws<ShapeException>(() => x.Backward()).Message);
        Assert.Contains("NeedsGrad", Assert.Throws<ShapeException>(() => Op.CrossEntropy(x, a.Ints([0, 1])).Backward()).Message);
        x.NeedsGrad = true;
        Assert.Throws<ShapeException>(() => Op.Tanh(x).Backward([1, 2, 3]));
    }

    [Fact]
    public void ADisposedArenaGivesNothing()
    {
        var a = new Arena(on);
        a.New(3);
        a.Dispose();
        a.Dispose();
        Assert.Throws<ObjectDisposedException>(() => a.New(3));
    }
}
