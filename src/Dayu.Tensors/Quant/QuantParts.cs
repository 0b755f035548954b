using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// A block taken apart: x[i] = Scale · Scales[g] · Integers[i] + Minimum · Minima[g] with g = i / group. All products
/// are exact in float32; what is rounded is the sum.
/// </summary>
/// <param name="integers">As many as a block has values.</param>
/// <param name="scales">One a group.</param>
/// <param name="minima">One a group.</param>
public ref struct QuantParts(Span<sbyte> integers, Span<sbyte> scales, Span<sbyte> minima)
{
    /// <summary>What all scales are multiplied by.</summary>
    public float Scale;

    /// <summary>What all minima are multiplied by.</summary>
    public float Minimum;

    /// <summary>The integers of the values.</summary>
    public readonly Span<sbyte> Integers = integers;

    /// <summary>The scales of the groups; 1 where a block is one group.</summary>
    public readonly Span<sbyte> Scales = scales;

    /// <summary>The minima of the groups.</summary>
    public readonly Span<sbyte> Minima = minima;

    /// <summary>Blocks as floats.</summary>
    [SkipLocalsInit]
    internal static void Decode<TBlock>(ReadOnlySpan<TBlock> blocks, Span<float> x) where TBlock : unmanaged, IQuantFormat<TBlock>
    {
        var (group, values) = (TBlock.Form.Group, TBlock.Values);
        var parts = new QuantParts(stackalloc sbyte[values], stackalloc sbyte[values / group], stackalloc sbyte[values / group]);
        for (var b = 0; b < blocks.Length; b++)
        {
            TBlock.TakeApart(blocks[b], ref parts);
            var to = x.Slice(b * values, values);
            for (var i = 0; i < values; i += 16)
            {
                var (scale, minimum) = (parts.Scale * parts.Scales[i / group], parts.Minimum * parts.Minima[i / group]);
                var integers = Vector128.Create<sbyte>(parts.Integers.Slice(i, 16));
                var (low, high) = Vector256.Widen(Vector256.WidenLower(integers.ToVector256Unsafe()));
                (scale * Vector512.ConvertToSingle(Vector512.Create(low, high)) + Vector512.Create(minimum)).CopyTo(to.Slice(i, 16));
            }
        }
    }

    /// <summary>The block that says these floats best.</summary>
    [SkipLocalsInit]
    internal static void Encode<TBlock>(ReadOnlySpan<float> x, out TBlock block) where TBlock : unmanaged, IQuantFormat<TBlock>
    {
        var groups = TBlock.Values / TBlock.Form.Group;
        var parts = new QuantParts(stackalloc sbyte[TBlock.Values], stackalloc sbyte[groups], stackalloc sbyte[groups]);
        TBlock.Fit(x, ref parts);
        TBlock.PutTogether(parts, out block);
    }
}
