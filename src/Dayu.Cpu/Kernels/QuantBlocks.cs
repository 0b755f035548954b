using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Dayu.Cpu.QuantPanel;

namespace Dayu.Cpu;

/// <summary>
/// A block of 32 values as a file holds it: a half-precision scale, a half-precision minimum where the layout has one, then the
/// integers in the layout's order (32 bytes, value + 128; or 16 bytes, value k in the low half and k + 16 in the high).
/// To add a format, pick the layout its values fit in; its bytes may differ from the layout's in some bits, which are flipped.
/// </summary>
internal unsafe interface IQuantBlock<TSelf> where TSelf : unmanaged, IQuantBlock<TSelf>
{
    /// <summary>The bits of four bytes to flip.</summary>
    static virtual uint Flip => 0;
}

/// <summary>A scale and 32 signed bytes (ggml-common.h, block_q8_0).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ8_0 : IQuantBlock<BlockQ8_0>
{
    ushort scale;
    fixed byte integers[32];

    public static uint Flip => 0x80808080;
}

/// <summary>A scale and 32 four-bit values, stored plus 8 (block_q4_0).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ4_0 : IQuantBlock<BlockQ4_0>
{
    ushort scale;
    fixed byte digits[16];
}

/// <summary>A scale, a minimum and 32 four-bit values (block_q4_1).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct BlockQ4_1 : IQuantBlock<BlockQ4_1>
{
    ushort scale, minimum;
    fixed byte digits[16];
}

/// <summary>Repacks rows of blocks into panels. A chunk is a panel of 16 outputs; missing ones are filled with the last.</summary>
internal readonly unsafe struct RepackJob<B, Q>(WeightRows<byte> rows, byte* panels) : IJob
    where B : unmanaged, IQuantBlock<B> where Q : struct, IQuantLayout
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int chunk)
    {
        var first = chunk * Columns;
        var row = stackalloc byte*[Columns];
        for (var column = 0; column < Columns; column++)
            row[column] = rows.Data + Math.Min(first + column, rows.Outputs - 1) * rows.Stride;
        var flip = Vector128.Create(B.Flip);
        nint blocks = rows.Depth / Block, steps = (blocks + 1) / 2, at = Q.HasMinimum ? 4 : 2;
        var panel = panels + chunk * steps * StepBytes<Q>();
        for (nint block = 0; block < blocks; block++)
        {
            var half = (int)block & 1;
            var step = panel + block / 2 * StepBytes<Q>();
            var body = (uint*)(step + HeadBytes<Q>() + half * BodyBytes<Q>());
            var scales = (ushort*)(step + ScaleAt(half));
            var minima = Q.HasMinimum ? (ushort*)(step + MinimumAt(half)) : scales;
            var from = block * sizeof(B);
            Quads.Prefetch(row[0] + Columns * (rows.Stride + from), Columns * sizeof(B));
            for (var column = 0; column < Columns; column++)
            {
                scales[column] = *(ushort*)(row[column] + from);
                if (Q.HasMinimum) minima[column] = *(ushort*)(row[column] + from + 2);
            }
            if (!AreFinite(scales) || !AreFinite(minima)) throw NotFinite(first, block, scales, minima);
            for (var column = 0; column < Columns; column += 4)
                for (nint four = 0; four < (Q.Wide ? 2 : 1); four++)
                {
                    var fields = from + at + 16 * four;
                    Quads.Transpose(
                        row[column] + fields, row[column + 1] + fields, row[column + 2] + fields, row[column + 3] + fields,
                        flip, body + 4 * four * Columns + column, Columns);
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
