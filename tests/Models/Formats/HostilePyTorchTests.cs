using System.Text;
using Dayu.Models;
using static Dayu.Tests.Hostile;

namespace Dayu.Tests;

/// <summary>
/// PyTorch files, damaged and made up: archives, pickles, and pickles that are sound and mean nonsense. Nothing in them
/// is ever run.
/// </summary>
public sealed class HostilePyTorchTests
{
    static readonly string folder = Path.Combine(Fixtures.Repo, "tests", "fixtures", "pytorch");

    /// <summary>Instructions with their arguments: what a state_dict is made of, and what it is not.</summary>
    static readonly string[] instructions =
    [
        "(", ")", "]", "}", "N", "\u0088", "K\u0001", "K\u0004", "M\u00ff\u00ff", "J\u00ff\u00ff\u00ff\u007f",
        "J\u00ff\u00ff\u00ff\u00ff", "\u008a\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0040", "G\0\0\0\0\0\0\0\0",
        "X\u0001\0\0\0a", "X\u0007\0\0\0storage", "X\u0005\0\0\0model", "\u008c\u0001b", "q\0", "q\u0001", "h\0",
        "h\u0001", "\u0094", "t", "\u0085", "\u0086", "\u0087", "s", "u", "a", "e", "R", "b", "Q", ".", "0",
        "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_parameter\n",
        "ctorch\nFloatStorage\n", "ctorch\nSize\n", "cposix\nsystem\n", "\u0093", "\u0081",
        Storage, Storage, Tensor, Tensor, Item, Item, Item,
    ];

    const string Storage = "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0\u0030X\u0003\0\0\0cpuK\u0010tQ";
    const string Call = "ctorch._utils\n_rebuild_tensor_v2\n(" + Storage;
    const string Tensor = Call + "K\0K\u0002K\u0003\u0086K\u0003K\u0001\u0086\u0089ccollections\nOrderedDict\n)RtR";
    const string Item = "X\u0001\0\0\0w" + Tensor + "s";

    [Theory]
    [InlineData("state.pt", 8)]
    [InlineData("views.pt", 2)]
    [InlineData("checkpoint.pt", 2)]
    [InlineData("state-legacy.pt", 6)]
    [InlineData("views-legacy.pt", 2)]
    public void FilesDamaged(string name, double share)
    {
        var file = File.ReadAllBytes(Path.Combine(folder, name));
        Holds(share, 11, genome => Survives(Mutated(file, genome, file.Length), Open));
    }

    [Fact]
    public void PicklesMadeUp() => Holds(8, 12, genome =>
    {
        var next = Numbers(genome);
        var pickle = new StringBuilder("\u0080\u0002}");
        for (int i = 0, n = next(40); i < n; i++) pickle.Append(instructions[next(instructions.Length)]);
        Survives(Legacy(pickle.Append(next(4) == 0 ? "" : ".").ToString()), Open);
    });

    /// <summary>Sound but for its numbers: where a tensor begins, its sizes and strides.</summary>
    [Fact]
    public void TensorsMadeUp() => Holds(4, 13, genome =>
    {
        string[] numbers =
        [
            "K\0", "K\u0001", "K\u0002", "K\u0003", "K\u0010", "K\u0011", "J\u00ff\u00ff\u00ff\u007f",
            "J\u00ff\u00ff\u00ff\u00ff", "\u008a\u0008\0\0\0\0\0\0\0\u0040",
            "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "N", "\u008a\u0009\0\0\0\0\0\0\0\0\u0001",
        ];
        var next = Numbers(genome);
        string Number() => numbers[next(5) > 0 ? next(5) : next(numbers.Length)];
        string Tuple(int n) => $"({string.Concat(Enumerable.Range(0, n).Select(_ => Number()))}t";
        var pickle = new StringBuilder("\u0080\u0002}");
        for (int i = 0, n = 1 + next(3); i < n; i++)
        {
            var rank = next(6);
            pickle.Append($"X\u0001\0\0\0{(char)('a' + i)}{Call}{Number()}{Tuple(rank)}{Tuple(next(9) > 0 ? rank : next(3))}\u0089NtRs");
        }
        Survives(Legacy(pickle.Append('.').ToString()), Open);
    });

    /// <summary>The old form around a pickle: storage 0 with sixteen numbers, where it is mentioned.</summary>
    static byte[] Legacy(string pickle)
    {
        const string magic = "\u0080\u0002\u008a\u000a\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019.";
        const string start = magic + "\u0080\u0002M\u00e9\u0003.\u0080\u0002}X\u000d\0\0\0little_endian\u0088s.";
        var end = pickle.Contains(Storage, StringComparison.Ordinal)
            ? "\u0080\u0002]X\u0001\0\0\0\u0030a.\u0010\0\0\0\0\0\0\0" + new string('\0', 64)
            : "\u0080\u0002].";
        return Encoding.Latin1.GetBytes(start + pickle + end);
    }

    [Fact]
    public void TheMadeUpFormIsSound()
    {
        using var file = PyTorch.Open(new MappedFile("made.up", Legacy("\u0080\u0002}" + Item + ".")));
        Assert.Equal(6, file["w"].Values().Length);
    }

    static void Open(MappedFile mapped)
    {
        using var file = PyTorch.Open(mapped);
        ReadAll(file);
    }
}
