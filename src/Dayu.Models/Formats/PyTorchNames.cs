using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Numbers in a PyTorch file that tensors are views of.</summary>
/// <param name="Kind">As PyTorch calls it: <c>FloatStorage</c>.</param>
/// <param name="DType">The number format; null: none of this build's.</param>
/// <param name="ElementBytes">Size of a number.</param>
/// <param name="Count">How many numbers.</param>
sealed record PyTorchStorage(string Kind, DType? DType, int ElementBytes, long Count)
{
    /// <summary>The first byte in the file; −1 until it is known.</summary>
    public long Start { get; set; } = -1;
}

/// <summary>A tensor: a view of a storage.</summary>
/// <param name="Storage">The numbers.</param>
/// <param name="Offset">The first number.</param>
/// <param name="Sizes">Axes.</param>
/// <param name="Strides">Numbers from one index of an axis to the next.</param>
sealed record PyTorchTensor(PyTorchStorage Storage, long Offset, long[] Sizes, long[] Strides);

/// <summary>
/// The names that PyTorch's pickles may mention, and what is made of them. This list is all there is: whatever else a
/// file asks for is refused.
/// </summary>
/// <param name="file">For messages.</param>
sealed class PyTorchNames(MappedFile file)
{
    const string Tensor = "torch._utils._rebuild_tensor", Tensor2 = "torch._utils._rebuild_tensor_v2";
    const string Parameter = "torch._utils._rebuild_parameter";
    const string Dict = "collections.OrderedDict", Size = "torch.Size";

    /// <summary>Kinds of storage; those without a number format here can be named but not read.</summary>
    static readonly Dictionary<string, (DType? DType, int Bytes)> kinds = new()
    {
        ["torch.FloatStorage"] = (DType.F32, 4),
        ["torch.HalfStorage"] = (DType.F16, 2),
        ["torch.BFloat16Storage"] = (DType.BF16, 2),
        ["torch.IntStorage"] = (DType.I32, 4),
        ["torch.DoubleStorage"] = (null, 8),
        ["torch.LongStorage"] = (null, 8),
        ["torch.ShortStorage"] = (null, 2),
        ["torch.CharStorage"] = (null, 1),
        ["torch.ByteStorage"] = (null, 1),
        ["torch.BoolStorage"] = (null, 1),
    };

    /// <summary>Storages by key, as persistent ids named them.</summary>
    public Dictionary<string, PyTorchStorage> Storages { get; } = [];

    /// <summary>Whether a name may be mentioned.</summary>
    public bool Knows(string name) => name is Tensor or Tensor2 or Parameter or Dict or Size || kinds.ContainsKey(name);

    /// <summary>
    /// The storage that a persistent id names: ('storage', kind, key, device, count, in old files: the part that is
    /// meant).
    /// </summary>
    public PyTorchStorage Stored(object? id, long at)
    {
        if (id is not object?[] fields || fields is not ["storage", PickledName kind, string key, _, long count and >= 0, ..]
            || !kinds.TryGetValue(kind.Name, out var of))
            throw file.Bad(at, "damaged pickle: a storage was expected: kind, key, device, count");
        if (fields.Length > 5 && fields[5] is not null)
            throw new NotSupportedException($"{file.Path}, byte {at}: storage {MappedFile.Shown(key)} is part of "
                + "another one, as PyTorch before 0.4 wrote them; save the file again with a newer PyTorch");
        if (!Storages.TryGetValue(key, out var storage))
            Storages.Add(key, storage = new(kind.Name["torch.".Length..], of.DType, of.Bytes, count));
        return storage.Kind == kind.Name["torch.".Length..] && storage.Count == count
            ? storage
            : throw file.Bad(at, $"damaged pickle: storage {MappedFile.Shown(key)} is described in two ways");
    }

    /// <summary>What a call amounts to.</summary>
    public object Call(object? function, object?[] args, long at) => ((function as PickledName)?.Name, args) switch
    {
        (Dict, []) => new PickledDict(),
        (Size, [object?[] sizes]) => sizes,
        (Tensor or Tensor2, [PyTorchStorage storage, long offset, object?[] sizes, object?[] strides, ..])
            when sizes.Length == strides.Length => new PyTorchTensor(storage, offset, Axes(sizes, at), Axes(strides, at)),
        (Parameter, [PyTorchTensor tensor, ..]) => tensor,
        (string name, _) => throw file.Bad(at,
            $"damaged pickle: {name} is called with {args.Length} arguments of other kinds than expected"),
        _ => throw file.Bad(at, "damaged pickle: something that is no function is called"),
    };

    long[] Axes(object?[] axes, long at)
    {
        const int Most = 64;                                          // as many as PyTorch has
        if (axes.Length > Most) throw file.Bad(at, $"damaged pickle: a tensor of {axes.Length} axes");
        var lengths = new long[axes.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = axes[i] is long n and >= 0
                ? n
                : throw file.Bad(at, "damaged pickle: sizes and strides are whole numbers, 0 or more");
        return lengths;
    }
}
