namespace Dayu.Tensors;

/// <summary>
/// A number format of blocks of small integers. It says how a block comes apart and goes together, and all the rest is
/// derived: floats, rounding, the layouts of kernels.
/// </summary>
/// <typeparam name="TSelf">The block itself; its size is the size in files.</typeparam>
public interface IQuantFormat<TSelf> : INumberFormat<TSelf> where TSelf : unmanaged, IQuantFormat<TSelf>
{
    /// <summary>What a block is made of.</summary>
    static abstract QuantForm Form { get; }

    /// <summary>Fills all parts.</summary>
    static abstract void TakeApart(in TSelf block, ref QuantParts parts);

    /// <summary>The block of these parts.</summary>
    static abstract void PutTogether(in QuantParts parts, out TSelf block);

    /// <summary>Finds the parts that say these values best; override where a scale cannot be any half.</summary>
    static virtual void Fit(ReadOnlySpan<float> x, ref QuantParts parts) => QuantSearch.Fit(TSelf.Form, x, ref parts);

    static void INumberFormat<TSelf>.Decode(in TSelf block, Span<float> x) => QuantParts.Decode(new ReadOnlySpan<TSelf>(in block), x);

    static void INumberFormat<TSelf>.DecodeAll(ReadOnlySpan<TSelf> blocks, Span<float> x) => QuantParts.Decode(blocks, x);

    static void INumberFormat<TSelf>.Encode(ReadOnlySpan<float> x, out TSelf block) => QuantParts.Encode(x, out block);
}
