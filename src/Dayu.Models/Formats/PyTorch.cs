using System.Buffers.Binary;
using System.Numerics;

namespace Dayu.Models;

/// <summary>
/// PyTorch's <c>torch.save</c> files (<c>.bin</c>, <c>.pt</c>, <c>.pth</c>): a pickle that describes tensors, and their
/// numbers beside it. Since 1.6 a zip archive of stored files, before that one pickle after another; both are mapped,
/// not copied. https://docs.pytorch.org/docs/stable/notes/serialization.html.
/// </summary>
public static class PyTorch
{
    static readonly BigInteger magic = BigInteger.Parse("119547037146038801333356");      // 0x1950a86a20f9469cfc6c

    static ReadOnlySpan<byte> LegacyStart => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <summary>
    /// Maps a file. Numbers of 64 bits are narrowed to float32 and tensors that do not lie in order are copied;
    /// integers other than I32 are listed as unsupported.
    /// </summary>
    /// <exception cref="InvalidDataException">Not a sound PyTorch file; says where.</exception>
    /// <exception cref="NotSupportedException">It asks for more than tensors.</exception>
    public static TensorFile Open(string path) => Open(new MappedFile(path));

    /// <summary>Reads a file that is mapped; it belongs to the result from now on, and is closed on error.</summary>
    /// <exception cref="InvalidDataException">Not a sound PyTorch file; says where.</exception>
    /// <exception cref="NotSupportedException">It asks for more than tensors.</exception>
    public static TensorFile Open(MappedFile file)
    {
        try { return new PyTorchStateDict(file).Read(IsZip(file) ? ReadZip(file) : ReadLegacy(file)); }
        catch { file.Dispose(); throw; }
    }

    /// <summary>Whether the file looks like this format, sound or not.</summary>
    internal static bool Recognises(MappedFile file) =>
        IsZip(file) || file.Length >= LegacyStart.Length && file.Bytes(0, LegacyStart.Length).SequenceEqual(LegacyStart);

    static bool IsPickle(string name) =>
        name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.IndexOf('/') == name.Length - "/data.pkl".Length;

    static bool Holds(MappedFile file, (long Start, long Length) place, ReadOnlySpan<byte> expected) =>
        file.Bytes(place.Start, place.Length).SequenceEqual(expected);

    static bool IsZip(MappedFile file) => file.Length >= 4 && file.Bytes(0, 4).SequenceEqual("PK\x03\x04"u8);

    /// <summary>FOLDER/data.pkl, and each storage as FOLDER/data/KEY.</summary>
    static object? ReadZip(MappedFile file)
    {
        var (zip, names) = (new ZipDirectory(file), new PyTorchNames(file));
        var pickle = zip.Names.FirstOrDefault(IsPickle)
            ?? throw new NotSupportedException($"{file.Path} is a zip archive without the data.pkl of a PyTorch file");
        var folder = pickle[..^"data.pkl".Length];
        if (zip.Has(folder + "constants.pkl"))
            throw new NotSupportedException($"{file.Path} is a TorchScript program, not a state_dict; "
                + "nothing in it is run. Save the model's state_dict instead");
        if (zip.Has(folder + "byteorder") && !Holds(file, zip[folder + "byteorder"], "little"u8))
            throw new NotSupportedException($"{file.Path} was written on a big-endian machine; little-endian files are known");
        var (start, length) = zip[pickle];
        var root = new PyTorchPickle(file, start, start + length, names).Read();
        foreach (var (key, storage) in names.Storages)
        {
            (storage.Start, length) = zip[$"{folder}data/{key}"];
            if (storage.Count > length / storage.ElementBytes)
                throw file.Bad(storage.Start, $"storage {MappedFile.Shown(key)} has {length} bytes; "
                    + $"{storage.Count} numbers of {storage.ElementBytes} bytes were expected");
        }
        return root;
    }

    /// <summary>
    /// Magic number, version, what the machine was like, the object, the keys of its storages: a pickle each. Then each
    /// storage: how many numbers (8 bytes), the numbers.
    /// </summary>
    static object? ReadLegacy(MappedFile file)
    {
        var (names, none, at) = (new PyTorchNames(file), new PyTorchNames(file), 0L);
        if (Next(none) is not BigInteger number || number != magic)
            throw file.Bad(0, "the magic number of PyTorch's old format was expected");
        if (Next(none) is not 1001L) throw file.Bad(at, "version 1001 of PyTorch's old format was expected");
        if (Next(none) is not PickledDict machine || machine.Exists(p => p is ("little_endian", not true)))
            throw new NotSupportedException($"{file.Path} was written on a big-endian machine; little-endian files are known");
        var root = Next(names);
        if (Next(none) is not List<object?> keys) throw file.Bad(at, "a list of storages was expected");
        foreach (var key in keys)
        {
            if (key is not string name || !names.Storages.TryGetValue(name, out var storage) || storage.Start >= 0)
                throw file.Bad(at, $"a storage {MappedFile.Shown(key as string ?? "?")} is listed that no tensor uses, or twice");
            var count = BinaryPrimitives.ReadInt64LittleEndian(file.Bytes(at, 8));
            if (count != storage.Count)
                throw file.Bad(at, $"storage {MappedFile.Shown(name)} has {count} numbers; {storage.Count} were expected");
            if (count > (file.Length - at - 8) / storage.ElementBytes)
                throw file.Bad(at, $"storage {MappedFile.Shown(name)} takes {count} numbers of {storage.ElementBytes} "
                    + $"bytes, {file.Length - at - 8} bytes are left; is the file cut off?");
            storage.Start = at + 8;
            at += 8 + count * storage.ElementBytes;
        }
        foreach (var (key, storage) in names.Storages)
            if (storage.Start < 0) throw file.Bad(at, $"storage {MappedFile.Shown(key)} is missing");
        return root;

        object? Next(PyTorchNames known)
        {
            var pickle = new PyTorchPickle(file, at, file.Length, known);
            var value = pickle.Read();
            at = pickle.At;
            return value;
        }
    }
}
