using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// A weight that was written to is never multiplied by as it was before, whoever wrote, and through whichever view.
/// </summary>
public sealed class VersionTests
{
    public static TheoryData<string> Names => [.. Backends.Names];

    [Theory, MemberData(nameof(Names))]
    public void AWriteIsSeenByTheNextProduct(string backend)
    {
        using var on = Backends.Make(backend);
        using Arena lasting = new(on.Backend), pass = new(on.Backend);
        var flat = lasting.New(2 + 3 * 4).Set(new float[14]);
        var w = new Weight("w", flat.View(2, new(3, 4)));
        var x = pass.New(2, 4).Set([1f, 2, 3, 4, 5, 6, 7, 8]);
        var dw = pass.New(3, 4).Set([.. Enumerable.Repeat(1f, 12)]);
        var seen = new List<float>();
        Action[] writes =
        [
            () => { },
            () => w.Tensor.Set([.. Enumerable.Repeat(0.5f, 12)]),
            () => on.Backend.Fill(w.Tensor, 2),
            () => on.Backend.Accumulate(w.Tensor, dw),
            () => on.Backend.AccumulateProduct(w.Tensor, dw, dw),
            () => on.Backend.Add(w.Tensor, w.Tensor, dw),
            () => on.Backend.Mul(w.Tensor, w.Tensor, w.Tensor),
            () => on.Backend.Scale(w.Tensor, w.Tensor, 0.5f),
            () => on.Backend.AddColumns(w.Tensor, 0, dw, 0, 4),
            () => on.Backend.CopyColumns(w.Tensor, 0, dw, 0, 4),
            () => on.Backend.Unary<Relu>(w.Tensor, dw),
            () => flat.Set([.. Enumerable.Repeat(3f, 14)]),           // through the buffer that it is a view of
            () => on.Backend.Scatter(w.Tensor, dw, pass.Ints([2, 0, 1])),
            () => on.Backend.GatherBackward(w.Tensor, dw, pass.Ints([0, 1, 2])),
            () => on.Backend.Dropout(w.Tensor, dw, 0.5f, 3),
            () => on.Backend.MatMulDw(w.Tensor, dw, dw.View(0, new(3, 4))),
            () => on.Backend.Recurrent(w.Tensor, pass.New(1, 4), null, new(
                RecurrentCell.Rnn, dw, new("u", pass.New(4, 4).Set(new float[16])), x.View(0, new(4)), x.View(4, new(1, 4)), [0, 3])),
        ];
        foreach (var write in writes)
        {
            write();
            var values = w.Tensor.ToArray();
            var y = Op.MatMul(x, w).ToArray();
            for (var o = 0; o < 3; o++)
            {
                var expected = Enumerable.Range(0, 4).Sum(i => (i + 1) * values[o * 4 + i]);
                Assert.Equal(expected, y[o], 1e-4f * Math.Max(1, Math.Abs(expected)));
                seen.Add(y[o]);
            }
        }
        Assert.True(seen.Distinct().Count() > 8, "the writes should have changed the products");
    }

    [Fact]
    public void AViewLivesAsLongAsItsMemory()
    {
        using var on = Backends.Make("reference");
        using var arena = new Arena(on.Backend);
        var mark = arena.Mark();
        var view = arena.New(6).Set([0f, 1, 2, 3, 4, 5]).View(2, new(2, 2));
        Assert.Equal([2f, 3, 4, 5], view.ToArray());
        Assert.Throws<ShapeException>(() => view.View(2, new(3)));
        Assert.Throws<ShapeException>(() => view.View(-1, new(1)));
        arena.Recycle(mark, keep: view);
        Assert.Throws<ObjectDisposedException>(() => view.ToArray());
    }
}
