namespace Dayu.Cpu;

/// <summary>A weight [N, K] as it lies in memory, row by row.</summary>
/// <typeparam name="T">The element; a byte where rows are blocks of a number format.</typeparam>
/// <param name="data">Where the first row begins.</param>
/// <param name="stride">Elements from one row to the next.</param>
/// <param name="outputs">N.</param>
/// <param name="depth">K.</param>
internal readonly unsafe struct WeightRows<T>(T* data, nint stride, int outputs, int depth) where T : unmanaged
{
    public readonly T* Data = data;
    public readonly nint Stride = stride;
    public readonly int Outputs = outputs, Depth = depth;
}
