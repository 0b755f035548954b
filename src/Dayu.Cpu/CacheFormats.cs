using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>
/// A number format of the cache of keys and values, in vectors: the same numbers as <see cref="DType.Encode"/> and
/// <see cref="DType.Decode"/>.
/// </summary>
internal unsafe interface ICacheFormat
{
    /// <summary>The number format.</summary>
    static abstract DType Format { get; }

    /// <summary>A head whose width is a multiple of this has its keys transposed in this format, else as floats.</summary>
    static abstract int Group { get; }

    /// <summary>
    /// A power of 2: loads return values divided by its square, which saves a multiplication for each value. Queries and scores are
    /// multiplied by it instead, results by its square.
    /// </summary>
    static abstract float Root { get; }

    /// <summary>Transposes the values [first, first + width) of some rows, in words of 4 bytes.</summary>
    /// <param name="data">What places count from.</param>
    /// <param name="places">Offset of each row.</param>
    /// <param name="count">Number of rows, a multiple of 16.</param>
    /// <param name="first">A multiple of <see cref="Group"/>.</param>
    /// <param name="width">A multiple of <see cref="Group"/>.</param>
    /// <param name="to">Words: [≤ width, <see cref="Chunk"/>].</param>
    static abstract void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to);

    /// <summary>The row of transposed words that holds value j of each row.</summary>
    static abstract float* TransposedRow(float* transposed, nint j);

    /// <summary>Loads value j of 16 rows from such a row.</summary>
    static abstract V LoadTransposed(float* row, nint j);

    /// <summary>Loads 16 values of a row, from a multiple of 16 on.</summary>
    static abstract V Load(byte* row, nint first);

    /// <summary>Loads one value of a row.</summary>
    static abstract float One(byte* row, nint at);

    /// <summary>Writes a row of n values.</summary>
    /// <returns>False if one is not finite, or too large for the format.</returns>
    static abstract bool Write(float* x, int n, byte* row);
}

/// <summary>float32.</summary>
internal readonly unsafe struct FloatRows : ICacheFormat
{
    public static DType Format => DType.F32;
    public static int Group => 16;
    public static float Root => 1;

    public static void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to) =>
        Cpu.Transpose.Words(data + first * sizeof(float), places, count, width, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* TransposedRow(float* transposed, nint j) => transposed + j * Chunk;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadTransposed(float* row, nint j) => Vector512.Load(row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(byte* row, nint first) => Vector512.Load((float*)row + first);

    public static float One(byte* row, nint at) => ((float*)row)[at];

    public static bool Write(float* x, int n, byte* row)
    {
        new ReadOnlySpan<float>(x, n).CopyTo(new(row, n));
        return true;
    }
}

/// <summary>IEEE halves.</summary>
internal readonly unsafe struct HalfRows : ICacheFormat
{
    public static DType Format => DType.F16;
    public static int Group => 16;

    /// <summary>The square root of <see cref="HalfBits.Bias"/>.</summary>
    public static float Root => 1L << 56;

    public static void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to) =>
        Cpu.Transpose.Words(data + first * sizeof(short), places, count, width / 2, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* TransposedRow(float* transposed, nint j) => transposed + (j >> 1) * Chunk;

    /// <summary>The lower half of a word is the first of two values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadTransposed(float* row, nint j) =>
        ((Vector512.ShiftLeft(Vector512.Load((int*)row), (int)(~j & 1) << 4) >> 3) & Vector512.Create(HalfBits.Mask)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(byte* row, nint first) => Place(Vector256.Load((short*)row + first));

    public static float One(byte* row, nint at) => (float)((Half*)row)[at] / HalfBits.Bias;

    /// <summary>
    /// Halves as floats, exact for finite numbers: sign and fraction move to their places, and a multiplication by 2¹¹² corrects the
    /// exponent's bias, for subnormal numbers too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Widen(Vector256<short> halves) => Place(halves) * Vector512.Create(HalfBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Place(Vector256<short> halves) =>
        ((Vector512.WidenLower(halves.ToVector512Unsafe()) << 13) & Vector512.Create(HalfBits.Mask)).AsSingle();

    /// <summary>Rounds to the nearest half, ties to even; a number that is too large and NaN become infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Narrow(V x)
    {
        var sign = (x.AsInt32() >>> 16) & Vector512.Create(0x8000);
        var magnitude = Vector512.Abs(x).AsInt32();
        var normal = (magnitude - Vector512.Create((112 << 23) - 0xfff) + ((magnitude >>> 13) & Vector512<int>.One)) >>> 13;
        // The last bit of ½ in float32 is the smallest half: adding ½ rounds to a subnormal.
        var subnormal = (Vector512.Abs(x) + Vector512.Create(0.5f)).AsInt32() - Vector512.Create(0x3f000000);
        var small = Vector512.LessThan(magnitude, Vector512.Create(113 << 23));
        return Vector512.ConditionalSelect(small, subnormal, Vector512.Min(normal, Vector512.Create(0x7c00))) | sign;
    }

    public static bool Write(float* x, int n, byte* row)
    {
        var largest = Vector512<int>.Zero;
        for (var i = 0; i < n; i += 16)
        {
            var h = Narrow(Simd.Load(x + i, n - i));
            largest = Vector512.Max(largest, h & Vector512.Create(0x7fff));
            var packed = Vector512.Narrow(h, h).GetLower();
            if (n - i >= 16) packed.Store((short*)row + i);
            else new ReadOnlySpan<short>(&packed, n - i).CopyTo(new((short*)row + i, n - i));
        }
        return Vector512.LessThanAll(largest, Vector512.Create(0x7c00));
    }
}

/// <summary>Blocks of a half as scale and 32 signed bytes (<see cref="Q8_0"/>).</summary>
internal readonly unsafe struct ByteRows : ICacheFormat
{
    const int Values = 32, Bytes = 34, Block = (Values / 4 + 1) * Chunk;

    public static DType Format { get; } = DType.Named("q8_0");
    public static int Group => Values;
    public static float Root => 1;

    /// <summary>Each block becomes 8 rows of words, then a row of scales.</summary>
    public static void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to)
    {
        var halves = stackalloc short[16];
        var end = to + width / Values * Block;
        for (data += first / Values * Bytes; to < end; data += Bytes, to += Block)
        {
            Cpu.Transpose.Words(data + 2, places, count, Values / 4, to);
            for (var j = 0; j < count; j += 16)
            {
                for (var i = 0; i < 16; i++) halves[i] = *(short*)(data + places[j + i]);
                HalfRows.Widen(Vector256.Load(halves)).Store(to + Block - Chunk + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* TransposedRow(float* transposed, nint j) =>
        transposed + j / Values * Block + j % Values / 4 * Chunk;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadTransposed(float* row, nint j) =>
        Vector512.ConvertToSingle(Vector512.ShiftLeft(Vector512.Load((int*)row), (int)(~j & 3) << 3) >> 24)
        * Vector512.Load(row + (8 - j % Values / 4) * Chunk);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(byte* row, nint first)
    {
        var block = row + first / Values * Bytes;
        var bytes = Vector128.Load((sbyte*)block + 2 + first % Values);
        var integers = Vector512.WidenLower(Vector256.WidenLower(bytes.ToVector256Unsafe()).ToVector512Unsafe());
        return Vector512.ConvertToSingle(integers) * HalfRows.Widen(Vector256.Create(*(short*)block));
    }

    public static float One(byte* row, nint at)
    {
        var block = row + at / Values * Bytes;
        return ((sbyte*)block)[2 + at % Values] * (float)*(Half*)block;
    }

    public static bool Write(float* x, int n, byte* row)
    {
        for (var i = 0; i < n; i += Values, row += Bytes)
        {
            V a = Vector512.Load(x + i), b = Vector512.Load(x + i + 16);
            var d = (Half)(Max(Vector512.Max(Vector512.Abs(a), Vector512.Abs(b))) / 127);
            if (!Half.IsFinite(d)) return false;
            *(Half*)row = d;
            var bytes = Vector256.Narrow(Rounded(a, (float)d), Rounded(b, (float)d));
            bytes.Store((sbyte*)row + 2);
        }
        return true;
    }

    /// <summary>x / d to the nearest integer.</summary>
    static Vector256<short> Rounded(V x, float d)
    {
        if (d == 0) return default;
        var q = Vector512.ConvertToInt32(Vector512.Clamp(Vector512.Round(x / d), Vector512.Create(-127f), Vector512.Create(127f)));
        return Vector512.Narrow(q, q).GetLower();
    }
}
