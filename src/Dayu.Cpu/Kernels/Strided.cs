namespace Dayu.Cpu;

/// <summary>A float matrix with any strides.</summary>
internal readonly unsafe struct Strided(float* data, nint rowStride, nint columnStride)
{
    public readonly float* Data = data;
    public readonly nint RowStride = rowStride, ColumnStride = columnStride;

    /// <summary>The matrix from this element on.</summary>
    public Strided From(nint row, nint column) => new(Data + row * RowStride + column * ColumnStride, RowStride, ColumnStride);

    public Strided Transposed => new(Data, ColumnStride, RowStride);
}
