using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>32 signed bytes and one half scale: x ≈ d·q. 34 bytes (ggml's <c>block_q8_0</c>).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct Q8_0 : INumberFormat<Q8_0>
{
    [InlineArray(32)]
    struct Bytes { sbyte first; }

    Half d;
    Bytes q;

    /// <inheritdoc/>
    public static string Name => "q8_0";

    /// <inheritdoc/>
    public static int GgufId => 8;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static void Decode(in Q8_0 block, Span<float> x)
    {
        var d = (float)block.d;
        for (var i = 0; i < 32; i++) x[i] = d * block.q[i];
    }

    /// <summary>The scale is the largest magnitude / 127.</summary>
    public static void Encode(ReadOnlySpan<float> x, out Q8_0 block)
    {
        var max = 0f;
        foreach (var v in x) max = MathF.Max(max, MathF.Abs(v));
        block = default;
        block.d = (Half)(max / 127);
        var d = (float)block.d;                                     // the scale that will be read back, not the one that was wished for
        for (var i = 0; i < 32; i++) block.q[i] = d == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(x[i] / d), -127, 127);
    }
}
