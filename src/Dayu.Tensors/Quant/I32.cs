namespace Dayu.Tensors;

/// <summary>A 32-bit integer: ids, positions, row numbers.</summary>
public struct I32 : INumberFormat<I32>
{
    int value;

    /// <inheritdoc/>
    public static string Name => "i32";

    /// <inheritdoc/>
    public static int GgufId => 26;

    /// <inheritdoc/>
    public static int Values => 1;

    /// <inheritdoc/>
    public static void Decode(in I32 block, Span<float> x) => x[0] = block.value;

    /// <inheritdoc/>
    public static void Encode(ReadOnlySpan<float> x, out I32 block) => block.value = (int)MathF.Round(x[0]);
}
