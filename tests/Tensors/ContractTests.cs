using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What an op says to inputs it cannot take: the op, what was found, what was expected.</summary>
public sealed class ContractTests : IDisposable
{
    readonly Arena a = new(new ReferenceBackend());

    public void Dispose() => a.Dispose();

    [Fact]
    public void Shapes()
    {
        Assert.Equal("[12,576]", new Shape(12, 576).ToString());
        Assert.Equal(new Shape(2, 3), new Shape(2, 3));
        Assert.NotEqual(new Shape(2, 3), new Shape(2, 3, 1));
        Assert.Equal(3, new Shape(2, 3)[^1]);
        Assert.Contains("axis", Assert.Throws<ShapeException>(() => new Shape(2, 3)[2]).Message);
        Assert.Throws<ShapeException>(() => new Shape(ReadOnlySpan<long>.Empty));
        Assert.Throws<ShapeException>(() => new Shape(1, 2, 3, 4, 5));
        Assert.Contains("-1", Assert.Throws<ShapeException>(() => new Shape(-1)).Message);
        Assert.Throws<OverflowException>(() => new Shape(long.MaxValue, 2).Count);
    }

    [Fact]
    public void EveryOpNamesItselfAndWhatItFound()
    {
        Tensor x = a.New(2, 3), y = a.New(3, 2), half = a.New(DType.F16, new(2, 3)), ids = a.Ints([0, 1]);
        var w = new Weight("w", a.New(5, 4));
        Says(() => Op.Add(x, y), "add", "[2,3]", "[3,2]");
        Says(() => Op.Add(x, a.New(2)), "add", "2", "3");
        Says(() => Op.Mul(x, y), "mul", "[3,2]");
        Says(() => Op.MatMul(x, w), "matmul", "[2,3]", "4");
        Says(() => Op.RmsNorm(x, a.New(2), 1e-5f), "rmsnorm", "[2,3]", "[2]");
        Says(() => Op.LayerNorm(x, a.New(3), a.New(2), 1e-5f), "layernorm", "[2]", "[3]");
        Says(() => Op.Slice(x, 2, 2), "slice", "[2,3]");
        Says(() => Op.Split3(y), "split", "[3,2]");
        Says(() => Op.Concat(x, y), "concat", "3", "2");
        Says(() => Op.Gather(x, y), "gather", "[3,2]", "i32");
        Says(() => Op.CrossEntropy(x, a.Ints([0])), "cross-entropy", "[1]", "2");
        Says(() => Op.Dropout(x, 1, 0), "dropout", "1");
        Says(() => Op.SwiGlu(x, y), "swiglu", "[2,3]", "[3,2]");
        Says(() => Op.Rope(x, a.New(2, 4), new(4, 1e4f)), "rope", "[2,3]");
        Says(() => x.Set([1f, 2]), "[2,3]", "6", "2");
        Says(() => Op.Relu(half), "f16");
        Says(() => Op.Add(x, half), "add", "f16");
        Says(() => Op.MatMul(a.New(DType.F16, new(2, 4)), w), "matmul", "f16");
        Says(() => Op.Softmax(ids), "softmax", "i32");

        (Tensor Y, Tensor Last) Lstm(Tensor x, Tensor state, params int[] starts) =>
            Op.Recurrent(RecurrentCell.Lstm, x, new("u", a.New(8, 2)), a.New(8), state, starts);
        Says(() => Lstm(a.New(3, 6), a.New(1, 4), 0, 3), "lstm", "[3,6]", "8");
        Says(() => Lstm(a.New(3, 8), a.New(1, 2), 0, 3), "lstm", "[1,2]", "4");
        Says(() => Lstm(a.New(3, 8), a.New(1, 4), 0, 2), "lstm", "0, 2", "0 … 3");
        Says(() => Lstm(a.New(3, 8), a.New(1, 4), 0, 2, 3), "lstm", "1", "2");
        Says(() => Op.Recurrent(RecurrentCell.Gru, x, new("u", a.New(8, 2)), a.New(8), x, [0, 2]), "gru", "[8,2]", "3 gates");
    }

    [Fact]
    public void AttentionChecksWhichRowsBelongTogether()
    {
        Tensor q = a.New(3, 4), k = a.New(3, 4);
        var spec = new AttentionSpec(2, 2, 2);
        void Refused(SequenceLayout layout) => Says(() => Op.Attention(q, k, k, layout, spec), "attention");
        Op.Attention(q.Set(new float[12]), k.Set(new float[12]), k, SequenceLayout.Packed(0, 1, 3), spec);
        Refused(SequenceLayout.Packed(0, 2));                                    // fewer queries than q has
        Refused(new([0, 3], [4], [[0]], 4));                                     // a key beyond the rows
        Refused(new([0, 3], [3], [[-1]], 3));                                    // a block before them
        Refused(new([0, 3], [3], [[int.MaxValue]], 3));
        Refused(new([0, 3], [3], [[0]], 2));                                     // too few blocks
        Refused(new([0, 3], [3], [[0]], 0));
        Refused(new([0, 3], [3, 3], [[0], [0]], 3));                             // more sequences than starts
        Refused(new([0, 4, 3], [1, 2], [[0], [1]], 2));                          // starts that go back
        Says(() => Op.Attention(q, k, k, SequenceLayout.Packed(0, 3), new(3, 2, 2)), "attention", "3", "2");
    }

    static void Says(Action act, params string[] parts)
    {
        var e = Assert.Throws<ShapeException>(act);
        Assert.All(parts, p => Assert.Contains(p, e.Message));
    }
}
