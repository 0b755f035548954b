using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dayu.Cpu;

/// <summary>
/// A block of 32 values as a file holds it: a half scale, a half minimum where the layout has one, then the integers in the layout's order (32 bytes, value + 128; or 16 bytes,
/// value k low, value k + 16 high). To add a format: pick the layout its values fit in; the bytes may differ from that by bits that are transposed over.
/// </summary>
internal unsafe interface IQuantBlock<TSelf> where TSelf : unmanaged, IQuantBlock<TSelf>
{
    /// <summary>Bits of four bytes that are transposed over.</summary>
    static virtual uint Flip => 0;
}

/// <summary>Half scale, 32 signed bytes (ggml-common.h, block_q8_0).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ8_0 : IQuantBlock<BlockQ8_0>
{
    ushort scale;
    fixed byte integers[32];

    public static uint Flip => 0x80808080;
}

/// <summary>Half scale, 32 digits less 8 (block_q4_0).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ4_0 : IQuantBlock<BlockQ4_0>
{
    ushort scale;
    fixed byte digits[16];
}

/// <summary>Half scale, half minimum, 32 digits (block_q4_1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ4_1 : IQuantBlock<BlockQ4_1>
{
    ushort scale, minimum;
    fixed byte digits[16];
}

/// <summary>Brings rows of blocks into panels. A chunk is a panel of 16 outputs; where there are fewer, the last one stands in their places too.</summary>
internal readonly unsafe struct RepackJob<B, Q>(byte* rows, nint stride, int outputs, int depth, byte* panels) : IJob
    where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk)
    {
        var first = chunk * QuantPanel.Columns;
        var row = stackalloc byte*[QuantPanel.Columns];
        for (var column = 0; column < QuantPanel.Columns; column++) row[column] = rows + Math.Min(first + column, outputs - 1) * stride;
        var flip = Vector128.Create(B.Flip);
        nint blocks = depth / QuantPanel.Block, steps = (blocks + 1) / 2, at = Q.HasMinimum ? 4 : 2;
        var panel = panels + chunk * steps * QuantPanel.StepBytes<Q>();
        for (nint block = 0; block < blocks; block++)
        {
            var half = (int)block & 1;
            var step = panel + block / 2 * QuantPanel.StepBytes<Q>();
            var body = (uint*)(step + QuantPanel.HeadBytes<Q>() + half * QuantPanel.BodyBytes<Q>());
            ushort* scales = (ushort*)(step + QuantPanel.ScaleAt(half)), minima = Q.HasMinimum ? (ushort*)(step + QuantPanel.MinimumAt(half)) : scales;
            var from = block * sizeof(B);
            Quads.Fetch(row[0] + QuantPanel.Columns * (stride + from), QuantPanel.Columns * sizeof(B));
            for (var column = 0; column < QuantPanel.Columns; column++)
            {
                scales[column] = *(ushort*)(row[column] + from);
                if (Q.HasMinimum) minima[column] = *(ushort*)(row[column] + from + 2);
            }
            if (!AreFinite(scales) || !AreFinite(minima)) throw NotFinite(first, block, scales, minima);
            for (var column = 0; column < QuantPanel.Columns; column += 4)
                for (nint four = 0; four < (Q.Wide ? 2 : 1); four++)
                {
                    var fields = from + at + 16 * four;
                    Quads.Transpose(row[column] + fields, row[column + 1] + fields, row[column + 2] + fields, row[column + 3] + fields, flip, body + 4 * four * QuantPanel.Columns + column, QuantPanel.Columns);
                }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool AreFinite(ushort* halves)
    {
        var exponent = Vector256.Create((ushort)0x7c00);
        return !Vector256.EqualsAny(Vector256.Load(halves) & exponent, exponent);
    }

    static InvalidDataException NotFinite(int first, nint block, ushort* scales, ushort* minima)
    {
        var column = 0;
        while ((scales[column] & 0x7c00) != 0x7c00 && (minima[column] & 0x7c00) != 0x7c00) column++;
        return new($"Row {first + column}, block {block}: the scale is not finite. The file is damaged; get it again.");
    }
}
