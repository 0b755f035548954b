using System.Globalization;
using System.Runtime.InteropServices;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Finds the tensors by name in what a PyTorch file holds, and puts those in order that are not.</summary>
/// <param name="file">The file.</param>
sealed unsafe class PyTorchStateDict(MappedFile file)
{
    /// <summary>Where training programs keep the weights beside other things.</summary>
    static readonly string[] inside = ["state_dict", "model_state_dict", "model", "module"];

    /// <summary>What wrappers put before every name: DataParallel, torch.compile.</summary>
    static readonly string[] wrappers = ["module.", "_orig_mod.", "module."];

    readonly Dictionary<string, TensorEntry> entries = [];
    readonly Dictionary<string, string> unsupported = [];
    readonly List<MappedFile> owned = [file];
    long room = file.Length;                                          // for copies: a small file may describe large ones

    /// <summary>
    /// The tensors of a dict from names to tensors: the one that a training program keeps in it, else the file's own.
    /// </summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public TensorFile Read(object? root)
    {
        var tensors = inside.Select(key => Tensors(Value(root, key))).FirstOrDefault(t => t is not null) ?? Tensors(root)
            ?? throw new NotSupportedException($"{file.Path} holds no dict of tensors by name (a state_dict), "
                + $"neither as a whole nor under {string.Join(", ", inside)}");
        var cut = 0;
        foreach (var wrapper in wrappers)
            if (tensors.TrueForAll(t => t.Name.AsSpan(cut).StartsWith(wrapper, StringComparison.Ordinal))) cut += wrapper.Length;
        try
        {
            foreach (var (name, tensor) in tensors) Add(name[cut..], tensor);
        }
        catch
        {
            foreach (var o in owned) o.Dispose();
            throw;
        }
        return new(file.Path, entries, [.. owned]) { Unsupported = unsupported, Metadata = Arguments(root) };
    }

    /// <summary>The numbers and texts that a program keeps beside the weights to make the model of.</summary>
    static Dictionary<string, string> Arguments(object? root)
    {
        var said = new Dictionary<string, string>();
        foreach (var (key, value) in Value(root, NanoGpt.Args) as PickledDict ?? [])
            if (key is string name && value is string or long or double or bool)
                said[$"{NanoGpt.Args}.{name}"] = string.Create(CultureInfo.InvariantCulture, $"{value}");
        return said;
    }

    static object? Value(object? dict, string key) => (dict as PickledDict)?.Find(p => p.Key is string k && k == key).Value;

    /// <summary>The tensors of a dict; null where it has none, or is none.</summary>
    static List<(string Name, PyTorchTensor Tensor)>? Tensors(object? dict)
    {
        var tensors = new List<(string, PyTorchTensor)>();
        foreach (var (key, value) in dict as PickledDict ?? [])
            if ((key, value) is (string name, PyTorchTensor tensor)) tensors.Add((name, tensor));
        return tensors.Count > 0 ? tensors : null;
    }

    void Add(string name, PyTorchTensor t)
    {
        if (entries.ContainsKey(name) || unsupported.ContainsKey(name))
            throw new InvalidDataException($"{file.Path}: a second tensor is called {MappedFile.Shown(name)}; names must differ");
        if (Count(name, t) is not { } count) return;
        var (storage, shape) = (t.Storage, t.Sizes.Length == 0 ? new Shape(1) : new Shape(t.Sizes));
        var start = storage.Start + t.Offset * storage.ElementBytes;
        if (storage.Kind == "DoubleStorage") entries.Add(name, new(name, DType.F32, shape, Narrowed(Ordered(name, t, count, start))));
        else if (storage.DType is not { } dtype)
            unsupported.Add(name, $"its numbers are those of PyTorch's {storage.Kind}; Float, Half, BFloat16, Double and Int are known");
        else if (count == 0 || IsOrdered(t)) entries.Add(name, new(name, dtype, shape, file.Address + (nint)start));
        else entries.Add(name, new(name, dtype, shape, Copy(Ordered(name, t, count, start))));
    }

    /// <summary>
    /// How many numbers a tensor has, once it is sure that all are in its storage; null where it is of no use.
    /// </summary>
    long? Count(string name, PyTorchTensor t)
    {
        var (count, last) = (Int128.One, (Int128)t.Offset);
        for (var i = 0; i < t.Sizes.Length; i++)
        {
            if ((count *= t.Sizes[i]) > long.MaxValue)
                throw new InvalidDataException($"{file.Path}: tensor {MappedFile.Shown(name)} of "
                    + $"[{string.Join(',', t.Sizes)}] values cannot be; is the file damaged?");
            last += (Int128)(t.Sizes[i] - 1) * t.Strides[i];
        }
        if (t.Offset < 0 || t.Offset > t.Storage.Count || count > 0 && last >= t.Storage.Count)
            throw new InvalidDataException($"{file.Path}: tensor {MappedFile.Shown(name)} reaches from number "
                + $"{t.Offset} to {last} of a storage that has {t.Storage.Count}; is the file damaged?");
        if (t.Sizes.Length <= 4) return (long)count;
        unsupported.Add(name, $"it has {t.Sizes.Length} axes; up to 4 are known");
        return null;
    }

    /// <summary>Whether the numbers lie one after another, the last axis first.</summary>
    static bool IsOrdered(PyTorchTensor t)
    {
        var expected = 1L;
        for (var i = t.Sizes.Length - 1; i >= 0; expected *= t.Sizes[i], i--)
            if (t.Sizes[i] != 1 && t.Strides[i] != expected) return false;
        return true;
    }

    /// <summary>A copy with the numbers one after another.</summary>
    byte[] Ordered(string name, PyTorchTensor t, long count, long start)
    {
        var size = t.Storage.ElementBytes;
        if (count > room / size || count > Array.MaxLength / size)
            throw new NotSupportedException($"{file.Path}: tensor {MappedFile.Shown(name)} of [{string.Join(',', t.Sizes)}] values "
                + "does not lie in order, and a copy would be larger than the file; save it with contiguous()");
        room -= count * size;
        var bytes = new byte[count * size];
        Span<long> sizes = [1, 1, 1, 1], strides = [0, 0, 0, 0];
        t.Sizes.CopyTo(sizes[(4 - t.Sizes.Length)..]);
        t.Strides.CopyTo(strides[(4 - t.Sizes.Length)..]);
        var to = 0;
        for (var a = 0L; a < sizes[0]; a++)
            for (var b = 0L; b < sizes[1]; b++)
                for (var c = 0L; c < sizes[2]; c++)
                    for (var d = 0L; d < sizes[3]; d++, to += size)
                    {
                        var element = a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3];
                        file.Bytes(start + element * size, size).CopyTo(bytes.AsSpan(to));
                    }
        return bytes;
    }

    nint Narrowed(byte[] bytes)
    {
        var doubles = MemoryMarshal.Cast<byte, double>(bytes);
        var floats = new float[doubles.Length];
        for (var i = 0; i < floats.Length; i++) floats[i] = (float)doubles[i];
        return Copy(MemoryMarshal.AsBytes<float>(floats));
    }

    nint Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0) return file.Address;
        owned.Add(new MappedFile(file.Path, bytes));
        return owned[^1].Address;
    }
}
