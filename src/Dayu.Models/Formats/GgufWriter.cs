using System.Numerics;
using System.Text;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Writes GGUF (version 3, little-endian) that llama.cpp loads. Collect metadata and tensors, then <see cref="Save"/>;
/// their bytes are asked for only then, one after another.
/// </summary>
public sealed class GgufWriter
{
    const int LongestName = 63;                                       // llama.cpp keeps 64 bytes, the last of them 0

    // text that is no Unicode is an error, not silently another text
    static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    readonly Dictionary<string, (GgufType Type, Action<BinaryWriter> Write)> pairs = [];
    readonly Dictionary<string, TensorSource> tensors = [];
    int alignment = GgufFile.DefaultAlignment;

    /// <summary>A text.</summary>
    public GgufWriter Add(string key, string value) => Pair(key, GgufType.Text, to => Write(to, value));

    /// <summary>
    /// A count or size, 0 or more: an unsigned number of 32 bits, as readers expect. <c>general.alignment</c> (a power
    /// of two) is obeyed.
    /// </summary>
    public GgufWriter Add(string key, int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        if (key == GgufFile.AlignmentKey)
            alignment = BitOperations.IsPow2(value)
                ? value
                : throw new ArgumentException($"{key} is {value}; a power of two was expected", nameof(value));
        return Pair(key, GgufType.U32, to => to.Write((uint)value));
    }

    /// <summary>A number.</summary>
    public GgufWriter Add(string key, float value) => Pair(key, GgufType.F32, to => to.Write(value));

    /// <summary>Yes or no.</summary>
    public GgufWriter Add(string key, bool value) => Pair(key, GgufType.Bool, to => to.Write(value));

    /// <summary>An array of texts: the vocabulary, merges.</summary>
    public GgufWriter Add(string key, IReadOnlyList<string> values) => Array(key, GgufType.Text, values, Write);

    /// <summary>An array of whole numbers: kinds of tokens.</summary>
    public GgufWriter Add(string key, IReadOnlyList<int> values) => Array(key, GgufType.I32, values, (to, n) => to.Write(n));

    /// <summary>An array of numbers: scores of tokens.</summary>
    public GgufWriter Add(string key, IReadOnlyList<float> values) => Array(key, GgufType.F32, values, (to, n) => to.Write(n));

    /// <summary>An array of yes and no: which layers have a window.</summary>
    public GgufWriter Add(string key, IReadOnlyList<bool> values) => Array(key, GgufType.Bool, values, (to, b) => to.Write(b));

    /// <summary>A value of another file, as it is; that file must stay open until this one is saved.</summary>
    public GgufWriter Copy(string key, GgufMetadata from) =>
        key == GgufFile.AlignmentKey ? Add(key, from.Int(key)) : Pair(key, from.TypeOf(key), to => to.Write(from.Raw(key)));

    /// <summary>A tensor.</summary>
    /// <exception cref="ArgumentException">The name is taken, or longer than llama.cpp takes; or there are no
    /// values.</exception>
    public GgufWriter Add(TensorSource tensor)
    {
        if (strict.GetByteCount(tensor.Name) > LongestName)
            throw new ArgumentException($"'{tensor.Name}': a GGUF tensor's name has at most {LongestName} bytes", nameof(tensor));
        if (tensor.Shape.Count == 0)
            throw new ArgumentException($"'{tensor.Name}' {tensor.Shape} has no values; GGUF has no such tensors", nameof(tensor));
        if (tensor.Shape[^1] % tensor.DType.BlockValues != 0)
            throw new ArgumentException($"'{tensor.Name}' {tensor.Shape}: "
                + $"a row is no whole number of {tensor.DType} blocks", nameof(tensor));
        if (!tensors.TryAdd(tensor.Name, tensor)) throw new ArgumentException($"two tensors are called '{tensor.Name}'", nameof(tensor));
        return this;
    }

    /// <summary>Writes the file: whole, or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="accept">Looks at it, under the path it is given, before it gets its name; throws where it may not
    /// have it.</param>
    public void Save(string path, Action<string>? accept = null) => WholeFile.Write(path, stream =>
    {
        using (var header = new BinaryWriter(stream, strict, leaveOpen: true)) WriteHeader(header);
        Pad(stream);
        foreach (var t in tensors.Values)
        {
            t.CopyTo(stream);
            Pad(stream);
        }
    }, accept);

    void WriteHeader(BinaryWriter to)
    {
        to.Write(GgufFile.Magic);
        to.Write(3u);
        to.Write((ulong)tensors.Count);
        to.Write((ulong)pairs.Count);
        foreach (var (key, (type, write)) in pairs)
        {
            Write(to, key);
            to.Write((uint)type);
            write(to);
        }
        var offset = 0L;
        foreach (var t in tensors.Values)
        {
            Write(to, t.Name);
            to.Write((uint)t.Shape.Rank);
            for (var i = t.Shape.Rank - 1; i >= 0; i--) to.Write((ulong)t.Shape[i]);      // the innermost first
            to.Write((uint)t.DType.GgufId);
            to.Write((ulong)offset);
            offset = GgufFile.Aligned(offset + t.Bytes, alignment);
        }
    }

    void Pad(Stream stream)
    {
        for (var left = GgufFile.Aligned(stream.Position, alignment) - stream.Position; left > 0; left--) stream.WriteByte(0);
    }

    GgufWriter Pair(string key, GgufType type, Action<BinaryWriter> write)
    {
        if (!pairs.TryAdd(key, (type, write))) throw new ArgumentException($"metadata '{key}' is given twice", nameof(key));
        return this;
    }

    GgufWriter Array<T>(string key, GgufType items, IReadOnlyList<T> values, Action<BinaryWriter, T> write) =>
        Pair(key, GgufType.Array, to =>
        {
            to.Write((uint)items);
            to.Write((ulong)values.Count);
            foreach (var v in values) write(to, v);
        });

    static void Write(BinaryWriter to, string text)
    {
        var bytes = strict.GetBytes(text);
        to.Write((ulong)bytes.Length);
        to.Write(bytes);
    }
}
