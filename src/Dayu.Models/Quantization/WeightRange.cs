using System.Numerics;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A weight is NaN or infinite, or larger than its new number format can say.</summary>
/// <param name="tensor">Its tensor.</param>
/// <param name="row">Of the tensor as a matrix, from 0.</param>
/// <param name="column">In the row, from 0.</param>
/// <param name="value">What it is.</param>
/// <param name="format">What it was to become.</param>
public sealed class WeightRangeException(string tensor, long row, int column, float value, DType format)
    : Exception($"tensor {MappedFile.Shown(tensor)}, row {row}, column {column}: the weight is {value}; "
        + (float.IsFinite(value) ? $"{format} ends at {WeightRange.MostOf(format)}" : "a finite number was expected"))
{
    /// <summary>Its tensor.</summary>
    public string Tensor => tensor;

    /// <summary>Of the tensor as a matrix, from 0.</summary>
    public long Row => row;

    /// <summary>In the row, from 0.</summary>
    public int Column => column;

    /// <summary>What it is.</summary>
    public float Value => value;

    /// <summary>What it was to become.</summary>
    public DType Format => format;

    /// <summary>The largest number that the format has.</summary>
    public float Most => WeightRange.MostOf(format);
}

/// <summary>Holds weights to what can be written: a NaN would spoil its whole block, and then every answer.</summary>
static class WeightRange
{
    /// <summary>The largest number of a format; block formats have scales, and end nowhere near a weight.</summary>
    public static float MostOf(DType format) => format == DType.F16 ? (float)Half.MaxValue : float.MaxValue;

    /// <summary>Where the first value is that is no number, or above the largest; −1: there is none.</summary>
    public static int FirstBeyond(ReadOnlySpan<float> values, float most)
    {
        var (bound, i) = (new Vector<float>(most), 0);
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            if (!Vector.LessThanOrEqualAll(Vector.Abs(new Vector<float>(values[i..])), bound)) break;
        for (; i < values.Length; i++)
            if (!(MathF.Abs(values[i]) <= most)) return i;
        return -1;
    }
}
