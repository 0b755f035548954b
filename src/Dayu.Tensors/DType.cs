using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// A number format: how so many values lie in so many bytes. Data, not a type parameter: a weight keeps the format of
/// its file.
/// </summary>
public sealed class DType
{
    /// <summary>Every format this build knows. A new one is its file in <c>Quant/</c> and a line here.</summary>
    public static IReadOnlyList<DType> Known { get; } =
    [
        Of<F32>(), Of<F16>(), Of<BF16>(), Of<I32>(),
        Blocks<Q8_0>(), Blocks<Q4_0>(), Blocks<Q4_1>(), Blocks<Q5_0>(), Blocks<Q5_1>(),
        Blocks<Q6_K>(), Blocks<Q5_K>(), Blocks<Q4_K>(), Blocks<Q3_K>(), Blocks<Q2_K>(),
        Blocks<IQ4_NL>(), Blocks<IQ2_XXS>(), Blocks<MXFP4>(),
    ];

    /// <summary>IEEE single: what activations, gradients and master weights are.</summary>
    public static DType F32 { get; } = Named("f32");

    /// <summary>IEEE half.</summary>
    public static DType F16 { get; } = Named("f16");

    /// <summary>The upper half of a single.</summary>
    public static DType BF16 { get; } = Named("bf16");

    /// <summary>Ids, positions, row numbers.</summary>
    public static DType I32 { get; } = Named("i32");

    /// <summary>Lower-case name, as on the command line: <c>q8_0</c>.</summary>
    public string Name { get; }

    /// <summary>Number of this format in a GGUF file (<c>ggml_type</c>).</summary>
    public int GgufId { get; }

    /// <summary>Values in a block; 1 for plain numbers. A row is a whole number of blocks.</summary>
    public int BlockValues { get; }

    /// <summary>Bytes of a block.</summary>
    public int BlockBytes { get; }

    /// <summary>Blocks that share a scale, as opposed to plain numbers.</summary>
    public bool IsQuantised => BlockValues > 1;

    /// <summary>What its blocks are made of; null for plain numbers.</summary>
    public QuantForm? Form { get; }

    /// <summary>False where values are read but never rounded to this format.</summary>
    public bool CanEncode { get; }

    readonly Decoder decode;
    readonly Encoder encode;
    readonly Divider? divide;

    delegate void Decoder(ReadOnlySpan<byte> blocks, Span<float> values);
    delegate void Encoder(ReadOnlySpan<float> values, Span<byte> blocks);
    delegate void Divider(ReadOnlySpan<byte> block, ref QuantParts parts);

    DType(
        string name, int ggufId, int values, int bytes, bool canEncode,
        Decoder decode, Encoder encode, QuantForm? form, Divider? divide)
    {
        (Name, GgufId, BlockValues, BlockBytes, CanEncode) = (name, ggufId, values, bytes, canEncode);
        (this.decode, this.encode, Form, this.divide) = (decode, encode, form, divide);
    }

    static DType Of<TBlock>(QuantForm? form = null, Divider? divide = null) where TBlock : unmanaged, INumberFormat<TBlock> =>
        new(TBlock.Name, TBlock.GgufId, TBlock.Values, Unsafe.SizeOf<TBlock>(), TBlock.CanEncode,
            (blocks, values) => TBlock.DecodeAll(MemoryMarshal.Cast<byte, TBlock>(blocks), values),
            (values, blocks) => TBlock.EncodeAll(values, MemoryMarshal.Cast<byte, TBlock>(blocks)), form, divide);

    static DType Blocks<TBlock>() where TBlock : unmanaged, IQuantFormat<TBlock> =>
        Of<TBlock>(TBlock.Form, (block, ref parts) => TBlock.TakeApart(MemoryMarshal.AsRef<TBlock>(block), ref parts));

    /// <summary>The format of that name.</summary>
    /// <exception cref="NotSupportedException">No such format; the message lists those known.</exception>
    public static DType Named(string name)
    {
        foreach (var d in Known) if (string.Equals(d.Name, name, StringComparison.OrdinalIgnoreCase)) return d;
        throw new NotSupportedException($"unknown number format '{name}'; known: {string.Join(", ", Known.Select(d => d.Name))}");
    }

    /// <summary>Bytes that so many values take.</summary>
    /// <exception cref="ShapeException">Not a whole number of blocks.</exception>
    public long BytesFor(long values) => values % BlockValues == 0 ? checked(values / BlockValues * BlockBytes)
        : throw new ShapeException($"{values} values are no whole number of {Name} blocks of {BlockValues}");

    /// <summary>Blocks → float32.</summary>
    public void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        Meets(blocks.Length, values.Length);
        decode(blocks, values);
    }

    /// <summary>Float32 → blocks, rounding to the nearest this format can say.</summary>
    /// <exception cref="NotSupportedException">The format is only read (<see cref="CanEncode"/>).</exception>
    public void Encode(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        if (!CanEncode)
            throw new NotSupportedException($"{Name} is read but not written; formats that are: "
                + $"{string.Join(", ", Known.Where(d => d.CanEncode))}");
        Meets(blocks.Length, values.Length);
        encode(values, blocks);
    }

    /// <summary>
    /// One block of integers as its parts, which have room for <see cref="BlockValues"/> integers and for the scales
    /// and minima of as many groups as <see cref="Form"/> makes of them.
    /// </summary>
    /// <exception cref="NotSupportedException">Plain numbers have no parts.</exception>
    public void TakeApart(ReadOnlySpan<byte> block, ref QuantParts parts) =>
        (divide ?? throw new NotSupportedException($"{Name}: plain numbers have no parts"))(block, ref parts);

    void Meets(long bytes, long values)
    {
        if (BytesFor(values) != bytes) throw new ShapeException($"{values} values of {Name} take {BytesFor(values)} bytes, not {bytes}");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>
/// One number format: a block of values as it lies in memory and files. Implement this in one file and add a line to
/// <see cref="DType.Known"/>.
/// </summary>
/// <typeparam name="TSelf">The block itself; its size is the size in files.</typeparam>
public interface INumberFormat<TSelf> where TSelf : unmanaged, INumberFormat<TSelf>
{
    /// <summary>Lower-case name.</summary>
    static abstract string Name { get; }

    /// <summary>Number in GGUF files.</summary>
    static abstract int GgufId { get; }

    /// <summary>Values in a block.</summary>
    static abstract int Values { get; }

    /// <summary>
    /// False where <see cref="Encode"/> is never called: values are read from this format and not rounded to it.
    /// </summary>
    static virtual bool CanEncode => true;

    /// <summary>One block → <see cref="Values"/> floats.</summary>
    static abstract void Decode(in TSelf block, Span<float> x);

    /// <summary><see cref="Values"/> floats → one block.</summary>
    static abstract void Encode(ReadOnlySpan<float> x, out TSelf block);

    /// <summary>Many blocks; override where there is a faster way than one after another.</summary>
    static virtual void DecodeAll(ReadOnlySpan<TSelf> blocks, Span<float> x)
    {
        for (var b = 0; b < blocks.Length; b++) TSelf.Decode(blocks[b], x.Slice(b * TSelf.Values, TSelf.Values));
    }

    /// <summary>Many blocks; override where there is a faster way than one after another.</summary>
    static virtual void EncodeAll(ReadOnlySpan<float> x, Span<TSelf> blocks)
    {
        for (var b = 0; b < blocks.Length; b++) TSelf.Encode(x.Slice(b * TSelf.Values, TSelf.Values), out blocks[b]);
    }
}
