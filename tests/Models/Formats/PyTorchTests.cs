using System.Text;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Files that PyTorch wrote (tests/fixtures/pytorch/README.md says what is in them).</summary>
public sealed class PyTorchTests
{
    static readonly string folder = Path.Combine(Fixtures.Repo, "tests", "fixtures", "pytorch");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(folder, "*.pt").Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    static TensorFile Open(string name) => PyTorch.Open(Path.Combine(folder, name));

    static float[] Counted(int n, Func<int, double> value) => [.. Enumerable.Range(0, n).Select(i => (float)value(i))];

    [Theory, MemberData(nameof(Files))]
    public void EveryFileIsRecognised(string name) => Assert.Equal(FileKind.PyTorch, FileKinds.Recognise(Path.Combine(folder, name)));

    [Theory]
    [InlineData("state.pt")]
    [InlineData("state-legacy.pt")]
    [InlineData("state-protocol4.pt")]
    public void StateDicts(string name)
    {
        using var file = Open(name);
        Holds(file, "a.weight", DType.F32, new(3, 4), Counted(12, i => i / 4.0));
        Holds(file, "tied.weight", DType.F32, new(3, 4), Counted(12, i => i / 4.0));
        Holds(file, "row", DType.F32, new(4), Counted(4, i => (4 + i) / 4.0));
        Holds(file, "a.bias", DType.F32, new(3), [-1.5f, 0.25f, 1e-3f]);
        Holds(file, "half", DType.F16, new(2, 5), Counted(10, i => i / 8.0 - 0.5));
        Holds(file, "brain", DType.BF16, new(6), Counted(6, i => i - 2.5));
        Holds(file, "double", DType.F32, new(5), Counted(5, i => i / 3.0));
        Holds(file, "single", DType.F32, new(1), [3.5f]);
        Assert.Equal((DType.I32, new Shape(4)), (file["ints"].DType, file["ints"].Shape));
        Assert.Empty(file["empty"].Values());
        Assert.Equal(file["a.weight"].Address, file["tied.weight"].Address);
        Assert.Contains("LongStorage", Assert.Throws<NotSupportedException>(() => file["positions"]).Message);
        Assert.Contains("BoolStorage", Assert.Throws<NotSupportedException>(() => file["flag"]).Message);
        Assert.Equal(12, file.Entries.Count + file.Unsupported.Count);
    }

    [Theory]
    [InlineData("views.pt")]
    [InlineData("views-legacy.pt")]
    public void WhatDoesNotLieInOrderIsPutInOrder(string name)
    {
        using var file = Open(name);
        Holds(file, "turned", DType.F32, new(6, 4), Counted(24, i => i % 4 * 6 + i / 4));
        Holds(file, "columns", DType.F32, new(4, 2), Counted(8, i => i / 2 * 6 + 1 + i % 2));
        Holds(file, "every2", DType.F32, new(2, 6), Counted(12, i => i / 6 * 12 + i % 6));
        Holds(file, "spread", DType.F32, new(2, 3), [2, 2, 2, 3, 3, 3]);
        Holds(file, "tail", DType.F32, new(2, 6), Counted(12, i => 12 + i));
    }

    [Theory]
    [InlineData("module.pt")]
    [InlineData("parameters.pt")]
    [InlineData("checkpoint.pt")]
    public void ModulesParametersAndTrainingCheckpoints(string name)
    {
        using var file = Open(name);
        Assert.Equal(["lin.bias", "lin.weight"], file.Entries.Keys.Order());
        Holds(file, "lin.weight", DType.F32, new(3, 2), [0, 1, 2, 3, 4, 5]);
        Holds(file, "lin.bias", DType.F32, new(3), [0, 1, 2]);
    }

    [Theory]
    [InlineData("refused-os-system.pt", "'posix.system'")]
    [InlineData("refused-os-system-legacy.pt", "'posix.system'")]
    [InlineData("refused-eval.pt", "'__builtin__.eval'")]
    [InlineData("refused-whole-module.pt", "'__main__.Tiny'")]
    [InlineData("refused-torchscript.pt", "TorchScript program")]
    [InlineData("refused-sparse.pt", "'torch._utils._rebuild_sparse_tensor'")]
    [InlineData("refused-bare-tensor.pt", "no dict of tensors by name")]
    public void WhatIsNoStateDictIsRefusedByName(string name, string says)
    {
        var error = Assert.Throws<NotSupportedException>(() => Open(name));
        Assert.Contains(says, error.Message);
        Assert.Contains(name, error.Message);
    }

    [Theory]
    [InlineData("\u0080\u0002(U\u0001ai__main__\nEvil\n.", "instruction 0x69")]                // INST
    [InlineData("\u0080\u0002(cos\nsystem\no.", "'os.system'")]                                // OBJ
    [InlineData("\u0080\u0002ccollections\nOrderedDict\n)\u0081.", "instruction 0x81")]        // NEWOBJ
    [InlineData("\u0080\u0002\u0082\u0001.", "instruction 0x82")]                              // EXT1
    [InlineData("\u0080\u0002]}b.", "a dict")]                                                 // BUILD on a list
    [InlineData("\u0080\u0002K\u0001)R.", "no function")]
    [InlineData("\u0080\u0002ccollections\nOrderedDict\nK\u0001\u0085R.", "called with 1 arguments")]
    [InlineData("\u0080\u0002ctorch\nSize\n)R.", "called with 0 arguments")]
    [InlineData("\u0080\u0002ctorch\nFloatStorage\n)R.", "called with 0 arguments")]
    [InlineData("\u0080\u0002h\u0005.", "nothing was remembered as 5")]
    [InlineData("\u0080\u0002.", "nothing is on the stack")]
    [InlineData("\u0080\u0002K\u0001t.", "no mark")]
    [InlineData("\u0080\u0002(0.", "instruction 0x30")]
    [InlineData("\u0080\u0002}(K\u0001u.", "in pairs")]
    [InlineData("\u0080\u0002X\u00ff\u00ff\u00ff\u00ffa.", "are left")]
    [InlineData("\u0080\u0002]Q.", "a storage was expected")]
    [InlineData("\u0080\u0006.", "protocol 6")]
    public void OnlyWhatTensorsNeedIsRead(string pickle, string says)
    {
        using var file = new MappedFile("some.pkl", Encoding.Latin1.GetBytes(pickle));
        var error = Assert.ThrowsAny<SystemException>(() => new PyTorchPickle(file, 0, file.Length, new(file)).Read());
        Assert.True(error is InvalidDataException or NotSupportedException);
        Assert.Contains(says, error.Message);
        Assert.Contains("some.pkl", error.Message);
    }

    [Fact]
    public void AListMayHoldItself()
    {
        using var file = new MappedFile("some.pkl", Encoding.Latin1.GetBytes("\u0080\u0002]q\0h\0a."));
        Assert.Single((List<object?>)new PyTorchPickle(file, 0, file.Length, new(file)).Read()!);
    }

    [Fact]
    public void GoldenLlamaInTwoFilesOfFloat16()
    {
        using var copy = new GoldenCopy("llama");
        Safetensors.Write(copy.At("model.safetensors"), copy.As(DType.F16));
        Assert.Equal(copy.Found(), copy.Logits(Path.Combine(folder, "llama-f16")));
    }

    static void Holds(TensorFile file, string name, DType dtype, Shape shape, float[] values)
    {
        var found = file[name];
        Assert.Equal((dtype, shape), (found.DType, found.Shape));
        Assert.Equal(values, found.Values());
    }
}
