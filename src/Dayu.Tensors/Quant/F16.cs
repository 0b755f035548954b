namespace Dayu.Tensors;

/// <summary>IEEE 754 half: 5 exponent and 10 fraction bits, up to 65,504.</summary>
public struct F16 : INumberFormat<F16>
{
    Half value;

    /// <inheritdoc/>
    public static string Name => "f16";

    /// <inheritdoc/>
    public static int GgufId => 1;

    /// <inheritdoc/>
    public static int Values => 1;

    /// <inheritdoc/>
    public static void Decode(in F16 block, Span<float> x) => x[0] = (float)block.value;

    /// <inheritdoc/>
    public static void Encode(ReadOnlySpan<float> x, out F16 block) => block.value = (Half)x[0];
}
