using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>IEEE 754 single.</summary>
public struct F32 : INumberFormat<F32>
{
    float value;

    /// <inheritdoc/>
    public static string Name => "f32";

    /// <inheritdoc/>
    public static int GgufId => 0;

    /// <inheritdoc/>
    public static int Values => 1;

    /// <inheritdoc/>
    public static void Decode(in F32 block, Span<float> x) => x[0] = block.value;

    /// <inheritdoc/>
    public static void Encode(ReadOnlySpan<float> x, out F32 block) => block.value = x[0];

    /// <inheritdoc/>
    public static void DecodeAll(ReadOnlySpan<F32> blocks, Span<float> x) => MemoryMarshal.Cast<F32, float>(blocks).CopyTo(x);

    /// <inheritdoc/>
    public static void EncodeAll(ReadOnlySpan<float> x, Span<F32> blocks) => x.CopyTo(MemoryMarshal.Cast<F32, float>(blocks));
}
