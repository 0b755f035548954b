using System.Runtime.InteropServices;
using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Weights prepared before they are used: together, in any format, read back, given back.</summary>
public sealed class PackedTests
{
    public static TheoryData<CpuPath, string> Formats =>
        new(
            from path in KernelCases.Paths
            from dtype in DType.Known
            where dtype.CanEncode && dtype.Name != "i32"
            select (path, dtype.Name));

    public static TheoryData<CpuPath> Paths => [.. KernelCases.Paths];

    static Weight Random(Arena arena, DType dtype, int rows, int width, int seed) =>
        new($"weight {seed}", arena.New(dtype, new Shape(rows, width)).Set(KernelCases.Floats(rows * width, seed)));

    [Theory, MemberData(nameof(Formats))]
    public void ARowOfThePanelsIsTheRowOfTheFile(CpuPath path, string format)
    {
        using var cpu = new CpuBackend(2, path);
        var dtype = DType.Named(format);
        foreach (var (rows, blocks) in new[] { (1, 1), (16, 2), (31, 3), (70, 1), (33, 20) })
        {
            using Arena lasting = new(cpu), pass = new(cpu);
            var width = blocks * (dtype.IsQuantised ? dtype.BlockValues : 13);
            var table = Random(lasting, dtype, rows, width, seed: rows);
            var ids = pass.Ints([rows - 1, .. Enumerable.Range(0, rows), 0]);
            var fromRows = Op.Gather(table.Tensor, ids).ToArray();
            Assert.Equal(fromRows, Op.Gather(table, ids).ToArray());
            cpu.Pack([table]);
            Assert.NotNull(table.Packed);
            Assert.Equal(MemoryMarshal.AsBytes<float>(fromRows), MemoryMarshal.AsBytes<float>(Op.Gather(table, ids).ToArray()));
            Assert.Throws<ArgumentOutOfRangeException>(() => Op.Gather(table, pass.Ints([rows])));
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void NumbersThatPanelsRoundAreReadFromTheRows(CpuPath path)
    {
        using var cpu = new CpuBackend(1, path, bf16: true);
        using Arena lasting = new(cpu), pass = new(cpu);
        var table = Random(lasting, DType.F32, 40, 24, seed: 1);
        cpu.Pack([table]);
        Assert.Equal(table.Tensor.ToArray(), Op.Gather(table, pass.Ints([.. Enumerable.Range(0, 40)])).ToArray());
    }

    [Theory, MemberData(nameof(Paths))]
    public void ManyTogetherAreAsEachAlone(CpuPath path)
    {
        using var cpu = new CpuBackend(3, path);
        using Arena lasting = new(cpu), pass = new(cpu);
        string[] formats = ["q8_0", "f16", "q4_1", "f32", "q4_0", "bf16", "q6_k", "f16"];
        Weight[] Make() => [.. formats.Select((name, i) => Random(lasting, DType.Named(name), 20 + 300 * i, 256 * (1 + i % 3), seed: i))];
        Weight[] together = Make(), alone = Make();
        // halves cannot say it in a panel
        foreach (var w in new[] { together[7], alone[7] })
            w.Tensor.Set([.. w.Tensor.ToArray().Select((v, i) => i == 1000 ? float.PositiveInfinity : v)]);
        var done = new List<Weight>();
        cpu.Pack(together, w => { lock (done) done.Add(w); });
        Assert.Equal(together.ToHashSet(), done.ToHashSet());
        Assert.Equal(together.Length, done.Count);
        var (before, touched) = (together.Select(w => w.Packed).ToArray(), together[2]);
        cpu.Pack(together, _ => Assert.Fail("was prepared already"));
        Assert.Equal(before, together.Select(w => w.Packed));
        touched.DropPacked();
        touched.DropPacked();
        Assert.Null(touched.Packed);
        for (var i = 0; i < formats.Length; i++)
        {
            var x = pass.New(3, together[i].In).Set(KernelCases.Floats(3 * together[i].In, seed: 50 + i));
            Assert.Equal(Op.MatMul(x, alone[i]).ToArray(), Op.MatMul(x, together[i]).ToArray());
        }
    }

    [Fact]
    public void TheArenaOfAWeightGivesBackWhatWasMadeOfIt()
    {
        using var cpu = new CpuBackend(2);
        using var pass = new Arena(cpu);
        var lasting = new Arena(cpu);
        Weight[] weights = [.. Enumerable.Range(0, 5).Select(i => Random(lasting, DType.F32, 64, 64, i))];
        cpu.Pack(weights);
        var packed = weights.Select(w => (PackedWeight)w.Packed!).ToArray();
        weights[0].DropPacked();
        lasting.Dispose();
        weights[1].DropPacked();                                           // after the arena: nothing is given back twice
        packed[2].Dispose();
        foreach (var p in packed)
            unsafe { Assert.Throws<ObjectDisposedException>(() => p.Into(null, 0)); }
        Assert.Throws<ObjectDisposedException>(() => Op.MatMul(pass.New(1, 64), weights[3]));
    }

    [Fact]
    public void MemoryIsForAsMuchAsWasAskedFor()
    {
        using var memory = new PanelMemory(PanelMemory.Room(100) + PanelMemory.Room(1));
        unsafe
        {
            byte* first = memory.Take(100), second = memory.Take(1);
            Assert.Equal(128, second - first);
            memory.Dispose();                                         // the two are given back; the room is still the maker's
            memory.Dispose();
            *second = 1;
        }
        Assert.Throws<InvalidOperationException>(() => { unsafe { _ = memory.Take(1) == null; } });
    }

    [Theory, MemberData(nameof(Paths))]
    public void OneThatIsDamagedIsNamedAndNoneIsLeft(CpuPath path)
    {
        using var cpu = new CpuBackend(2, path);
        using var lasting = new Arena(cpu);
        Weight[] weights = [.. Enumerable.Range(0, 4).Select(i => Random(lasting, DType.Named("q4_1"), 40, 64, i))];
        unsafe { ((byte*)weights[2].Tensor.Address)[(33 * 2 + 1) * 20 + 3] = 0x7c; }
        var error = Assert.Throws<InvalidDataException>(() => cpu.Pack(weights));
        Assert.StartsWith("weight 2: Row 33, block 1: the scale is not finite", error.Message);
        Assert.All(weights, w => Assert.Null(w.Packed));
        weights[2].Tensor.Set(KernelCases.Floats(40 * 64, 2));
        cpu.Pack(weights);
        Assert.All(weights, w => Assert.NotNull(w.Packed));
    }
}
