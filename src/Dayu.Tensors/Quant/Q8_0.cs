using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>32 signed bytes and one half scale: x ≈ d·q. 34 bytes (ggml's <c>block_q8_0</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q8_0 : IQuantFormat<Q8_0>
{
    Half d;
    Bytes32 q;

    /// <inheritdoc/>
    public static string Name => "q8_0";

    /// <inheritdoc/>
    public static int GgufId => 8;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, QuantForm.Range(-128, 127));

    /// <inheritdoc/>
    public static void TakeApart(in Q8_0 block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = ((float)block.d, 0, 1, 0);
        MemoryMarshal.Cast<byte, sbyte>((ReadOnlySpan<byte>)block.q).CopyTo(parts.Integers);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out Q8_0 block)
    {
        block = new() { d = (Half)parts.Scale };
        parts.Integers.CopyTo(MemoryMarshal.Cast<byte, sbyte>((Span<byte>)block.q));
    }

    /// <summary>The scale is the largest magnitude / 127: eight bits need no search.</summary>
    public static void Fit(ReadOnlySpan<float> x, ref QuantParts parts)
    {
        var max = 0f;
        foreach (var v in x) max = MathF.Max(max, MathF.Abs(v));
        var d = parts.Scale = (float)(Half)(max / 127);             // the scale that will be read back, not the one that was wished for
        for (var i = 0; i < x.Length; i++) parts.Integers[i] = d == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(x[i] / d), -127, 127);
    }
}
