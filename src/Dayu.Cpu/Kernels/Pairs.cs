using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dayu.Cpu;

/// <summary>
/// Pairs of bfloat16 along k, the even one in the low half: the operands of vdpbf16ps. Floats are rounded to nearest, ties to even.
/// </summary>
internal static unsafe class Pairs
{
    const int DepthBlock = 32;

    /// <summary>
    /// As <see cref="Interleave.Run"/>, then rounded: to[k / 2][i] = (from[i, k], from[i, k + 1]). An odd depth is padded with a zero.
    /// The width is at most 32.
    /// </summary>
    [SkipLocalsInit]
    public static void Pack(float* from, nint rowStride, nint depthStride, int rows, nint depth, uint* to, int width)
    {
        var floats = stackalloc float[DepthBlock * FloatTile.Columns];
        for (nint k = 0; k < depth; k += DepthBlock)
        {
            var count = Math.Min(DepthBlock, depth - k);
            Interleave.Run(from + k * depthStride, rowStride, depthStride, rows, count, floats, width);
            if (count % 2 != 0) new Span<float>(floats + count * width, width).Clear();
            for (nint i = 0; i < count; i += 2, to += width) Join(floats + i * width, floats + (i + 1) * width, to, width);
        }
    }

    /// <summary>Packs bfloat16 as it is into a panel of 32 rows; missing rows are filled with the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(BF16* from, nint rowStride, int rows, nint depth, uint* to)
    {
        const int Width = FloatTile.Columns, Fields = 8;                 // values in 128 bits
        var row = stackalloc BF16*[Width];
        for (var i = 0; i < Width; i++) row[i] = from + Math.Min(i, rows - 1) * rowStride;
        nint k = 0;
        for (; k <= depth - Fields; k += Fields)
        {
            Quads.Prefetch(from + Width * (rowStride + k), Width * Fields * sizeof(BF16));
            for (var i = 0; i < Width; i += 4)
                Quads.Transpose(row[i] + k, row[i + 1] + k, row[i + 2] + k, row[i + 3] + k, default, to + k / 2 * Width + i, Width);
        }
        for (; k < depth; k += 2)
            for (var i = 0; i < Width; i++)
                to[k / 2 * Width + i] = k + 1 < depth ? Unsafe.ReadUnaligned<uint>(row[i] + k) : row[i][k].Bits;
    }

    /// <summary>Joins two neighbours in k of each row: eight rows at a time, the last eight overlapping those before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Join(float* even, float* odd, uint* to, int width)
    {
        if (width < 8)
        {
            for (var i = 0; i < width; i++) to[i] = Join(Vector256.CreateScalarUnsafe(even[i]), Vector256.CreateScalarUnsafe(odd[i]))[0];
            return;
        }
        for (var i = 0; i < width - 8; i += 8) Join(Vector256.Load(even + i), Vector256.Load(odd + i)).Store(to + i);
        Join(Vector256.Load(even + width - 8), Vector256.Load(odd + width - 8)).Store(to + width - 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Join(Vector256<float> even, Vector256<float> odd) =>
        (Round(even) >>> 16) | (Round(odd) & Vector256.Create(0xffff0000));

    /// <summary>Rounds to bfloat16, in the upper 16 bits; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Round(Vector256<float> v)
    {
        var bits = v.AsUInt32();
        var rounded = bits + Vector256.Create(0x7fffu) + ((bits >>> 16) & Vector256<uint>.One);
        return Vector256.ConditionalSelect(Vector256.Equals(v, v).AsUInt32(), rounded, bits | Vector256.Create(0x00400000u));
    }

    /// <summary>Part of a panel as float32 [k][32]; from is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(byte* panel, nint panelBytes, nint from, nint depth, float* to)
    {
        var pairs = (uint*)panel + from / 2 * FloatTile.Columns;
        for (nint k = 0; k < depth; k++)
            for (var i = 0; i < FloatTile.Columns; i += 16)
            {
                var both = Vector512.Load(pairs + k / 2 * FloatTile.Columns + i);
                (k % 2 == 0 ? both << 16 : both & Vector512.Create(0xffff0000)).AsSingle().Store(to + k * FloatTile.Columns + i);
            }
    }
}
