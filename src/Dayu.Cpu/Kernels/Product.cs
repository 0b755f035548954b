using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>One of the products of an x: y[T, N] = x · wᵀ, or y += x · wᵀ.</summary>
internal readonly unsafe struct Product(byte* panels, PanelFormat format, int outputs, float* y, nint stride, bool accumulate = false)
{
    public readonly byte* Panels = panels;
    public readonly PanelFormat Format = format;

    public readonly int Outputs = outputs;
    public readonly float* Y = y;

    /// <summary>Floats from one row of y to the next.</summary>
    public readonly nint Stride = stride;

    /// <summary>Whether the sums start from y; else from zero.</summary>
    public readonly bool Accumulate = accumulate;

    /// <summary>
    /// Where x is rounded to bytes, whether the rounding error is rounded to bytes and multiplied too: each row of x then is two, and
    /// a row of y is the sum of two.
    /// </summary>
    public bool Split { get; init; }

    /// <summary>The same, writing elsewhere.</summary>
    public Product To(float* y, nint stride) => new(Panels, Format, Outputs, y, stride, Accumulate) { Split = Split };
}

/// <summary>A product ready to run: its kernels, its packed x, and its chunks.</summary>
internal unsafe struct PlannedProduct
{
    public Product Product;

    /// <summary>The kernel that multiplies, and the one of the stored panels.</summary>
    public MicroKernel Kernel, Stored;

    /// <summary>Packed x: tiles of up to <see cref="MicroKernel.Rows"/> rows, each [step][row].</summary>
    public byte* X;

    /// <summary>Rows of x, or twice as many if they are split.</summary>
    public int Rows;
    public int FirstChunk, PanelsPerChunk;

    /// <summary>Whether stored panels are widened or expanded before they are multiplied.</summary>
    public readonly bool Widens => Kernel != Stored;

    /// <summary>Whether two products can share packed x.</summary>
    public readonly bool TakesSameRows(in PlannedProduct other) =>
        (Kernel.Takes, Kernel.Rows, Rows) == (other.Kernel.Takes, other.Kernel.Rows, other.Rows);
}

/// <summary>Products that share x, multiplied in one parallel-for.</summary>
[InlineArray(Most)]
internal struct PlannedProducts
{
    public const int Most = 8;
    PlannedProduct first;
}

/// <summary>The values of k that are multiplied, from … to; depth is how many the panels hold.</summary>
internal readonly record struct DepthRange(int Depth, int From, int To)
{
    public int Count => To - From;
}
