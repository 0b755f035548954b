using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

/// <summary>
/// y[t] = sums[2t] + sums[2t + 1]: the product of x in bytes, and that of its rounding error (<see cref="Product.Split"/>).
/// A chunk is some columns of all rows.
/// </summary>
internal readonly unsafe struct SumOfTwo(float* sums, float* y, nint stride, int width, int rows) : IJob
{
    const int ChunkValues = 16384;

    int Columns => Math.Max(16, ChunkValues / rows & ~15);

    /// <summary>Writes some rows of a product.</summary>
    public static void Run(Machine machine, float* sums, Product product, int firstRow, int rows)
    {
        var job = new SumOfTwo(sums, product.Y + firstRow * product.Stride, product.Stride, product.Outputs, rows);
        machine.Workers.Run(job, (product.Outputs + job.Columns - 1) / job.Columns);
    }

    public void Run(int chunk)
    {
        int first = chunk * Columns, end = Math.Min(first + Columns, width);
        for (var t = 0; t < rows; t++)
        {
            float* a = sums + 2L * t * width, to = y + t * stride;
            for (var i = first; i < end; i += 16)
                Store(Load(a + i, end - i) + Load(a + width + i, end - i), to + i, end - i);
        }
    }
}
