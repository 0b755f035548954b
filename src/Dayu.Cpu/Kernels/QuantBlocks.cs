using System.Runtime.InteropServices;

namespace Dayu.Cpu;

/// <summary>A block of 32 values as a file holds it. To add a format: pick the layout its values fit in, and say here how its bytes become that layout's.</summary>
internal unsafe interface IQuantBlock<TSelf> where TSelf : unmanaged, IQuantBlock<TSelf>
{
    /// <summary>The scale, and the minimum where the layout has one; both must be finite.</summary>
    static abstract (ushort Scale, ushort Minimum) Scales(TSelf* block);
    /// <summary>The integers in the layout's order: 32 bytes (value + 128), or 16 bytes (value k low, value k + 16 high).</summary>
    static abstract void Unpack(TSelf* block, uint* integers);
}

/// <summary>Half scale, 32 signed bytes (ggml-common.h, block_q8_0).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ8_0 : IQuantBlock<BlockQ8_0>
{
    ushort scale;
    fixed byte integers[32];

    public static (ushort, ushort) Scales(BlockQ8_0* block) => (block->scale, 0);
    public static void Unpack(BlockQ8_0* block, uint* integers)
    {
        for (var i = 0; i < 8; i++) integers[i] = ((uint*)block->integers)[i] ^ 0x80808080;
    }
}

/// <summary>Half scale, 32 digits less 8 (block_q4_0).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ4_0 : IQuantBlock<BlockQ4_0>
{
    ushort scale;
    fixed byte digits[16];

    public static (ushort, ushort) Scales(BlockQ4_0* block) => (block->scale, 0);
    public static void Unpack(BlockQ4_0* block, uint* integers)
    {
        for (var i = 0; i < 4; i++) integers[i] = ((uint*)block->digits)[i];
    }
}

/// <summary>Half scale, half minimum, 32 digits (block_q4_1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ4_1 : IQuantBlock<BlockQ4_1>
{
    ushort scale, minimum;
    fixed byte digits[16];

    public static (ushort, ushort) Scales(BlockQ4_1* block) => (block->scale, block->minimum);
    public static void Unpack(BlockQ4_1* block, uint* integers)
    {
        for (var i = 0; i < 4; i++) integers[i] = ((uint*)block->digits)[i];
    }
}

/// <summary>Brings rows of blocks into panels. A chunk is a panel of 16 outputs.</summary>
internal readonly unsafe struct RepackJob<B, Q>(byte* rows, nint stride, int outputs, int depth, byte* panels) : IJob
    where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
{
    public void Run(int chunk)
    {
        var groups = Q.Wide ? 8 : 4;
        var integers = stackalloc uint[8];
        var first = chunk * QuantPanel.Columns;
        nint blocks = depth / QuantPanel.Block, steps = (blocks + 1) / 2;
        var panel = panels + chunk * steps * QuantPanel.StepBytes<Q>();
        for (nint block = 0; block < blocks; block++)
        {
            var half = (int)block & 1;
            var step = panel + block / 2 * QuantPanel.StepBytes<Q>();
            var body = (uint*)(step + QuantPanel.HeadBytes<Q>() + half * QuantPanel.BodyBytes<Q>());
            for (var column = 0; column < QuantPanel.Columns && first + column < outputs; column++)
            {
                var from = (B*)(rows + (first + column) * stride) + block;
                var (scale, minimum) = B.Scales(from);
                if ((scale & 0x7c00) == 0x7c00 || (minimum & 0x7c00) == 0x7c00)
                    throw new InvalidDataException($"Row {first + column}, block {block}: the scale is not finite. The file is damaged; get it again.");
                ((ushort*)(step + QuantPanel.ScaleAt(half)))[column] = scale;
                if (Q.HasMinimum) ((ushort*)(step + QuantPanel.MinimumAt(half)))[column] = minimum;
                B.Unpack(from, integers);
                for (var g = 0; g < groups; g++) body[g * QuantPanel.Columns + column] = integers[g];
            }
        }
    }
}
