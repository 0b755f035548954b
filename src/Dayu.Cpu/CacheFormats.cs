using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>How keys and values lie in a cache, and how they become floats again: the same numbers as <see cref="DType.Encode"/> and <see cref="DType.Decode"/>, in vectors.</summary>
internal unsafe interface ICacheFormat
{
    static abstract DType Format { get; }

    /// <summary>Values that a head must be whole groups of for its keys to be transposed as they lie.</summary>
    static abstract int Group { get; }

    /// <summary>Values come as so many times less than they are, squared: a power of 2 which queries, scores and results make good, for it spares a multiplication for each value.</summary>
    static abstract float Root { get; }

    /// <summary>Turns the values [first, first + width) of some rows as they lie, word by word of 4 bytes: rows of a chunk's words.</summary>
    /// <param name="data">What places count from.</param>
    /// <param name="places">Where each row lies.</param>
    /// <param name="count">How many, a multiple of 16.</param>
    /// <param name="first">A multiple of <see cref="Group"/>.</param>
    /// <param name="width">Also one.</param>
    /// <param name="to">At most width rows of a chunk.</param>
    static abstract void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to);

    /// <summary>Where, in what was transposed, value j of each row is.</summary>
    static abstract float* TransposedRow(float* transposed, nint j);

    /// <summary>That value of 16 rows.</summary>
    static abstract V LoadTransposed(float* row, nint j);

    /// <summary>16 values of a row, the first a multiple of 16.</summary>
    static abstract V Load(byte* row, nint first);

    /// <summary>One value of a row.</summary>
    static abstract float One(byte* row, nint at);

    /// <summary>Writes a row of n values.</summary>
    /// <returns>False where one is not finite, or too large for the format.</returns>
    static abstract bool Write(float* x, int n, byte* row);
}

/// <summary>float32.</summary>
internal readonly unsafe struct FloatRows : ICacheFormat
{
    public static DType Format => DType.F32;
    public static int Group => 16;
    public static float Root => 1;

    public static void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to) => Cpu.Transpose.Words(data + first * sizeof(float), places, count, width, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float* TransposedRow(float* transposed, nint j) => transposed + j * Chunk;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V LoadTransposed(float* row, nint j) => Vector512.Load(row);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static V Load(byte* row, nint first) => Vector512.Load((float*)row + first);
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

    /// <summary>Of <see cref="HalfBits.Bias"/>.</summary>
    public static float Root => 1L << 56;

    public static void Transpose(byte* data, nint* places, int count, nint first, nint width, float* to) => Cpu.Transpose.Words(data + first * sizeof(short), places, count, width / 2, to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float* TransposedRow(float* transposed, nint j) => transposed + (j >> 1) * Chunk;

    /// <summary>The lower half of a word is the first of two values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadTransposed(float* row, nint j) =>
        ((Vector512.ShiftLeft(Vector512.Load((int*)row), (int)(~j & 1) << 4) >> 3) & Vector512.Create(HalfBits.Mask)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(byte* row, nint first) => Place(Vector256.Load((short*)row + first));

    public static float One(byte* row, nint at) => (float)((Half*)row)[at] / HalfBits.Bias;

    /// <summary>Exact for finite numbers. Sign and fraction go to their places, and 2¹¹² makes good for the exponents' different biases, those of subnormal numbers too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Widen(Vector256<short> halves) => Place(halves) * Vector512.Create(HalfBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Place(Vector256<short> halves) => ((Vector512.WidenLower(halves.ToVector512Unsafe()) << 13) & Vector512.Create(HalfBits.Mask)).AsSingle();

    /// <summary>To the nearest, ties to even; what is too large, or no number, becomes infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Narrow(V x)
    {
        var sign = (x.AsInt32() >>> 16) & Vector512.Create(0x8000);
        var magnitude = Vector512.Abs(x).AsInt32();
        var normal = (magnitude - Vector512.Create((112 << 23) - 0xfff) + ((magnitude >>> 13) & Vector512<int>.One)) >>> 13;
        var subnormal = (Vector512.Abs(x) + Vector512.Create(0.5f)).AsInt32() - Vector512.Create(0x3f000000);     // the last bit of ½ is the smallest half
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

/// <summary>Blocks of 32 signed bytes behind a half that scales them (<see cref="Q8_0"/>).</summary>
internal readonly unsafe struct ByteRows : ICacheFormat
{
    const int Values = 32, Bytes = 34, Block = (Values / 4 + 1) * Chunk;

    public static DType Format { get; } = DType.Named("q8_0");
    public static int Group => Values;
    public static float Root => 1;

    /// <summary>Of each block 8 rows of words, and behind them a row of factors.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float* TransposedRow(float* transposed, nint j) => transposed + j / Values * Block + j % Values / 4 * Chunk;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LoadTransposed(float* row, nint j) =>
        Vector512.ConvertToSingle(Vector512.ShiftLeft(Vector512.Load((int*)row), (int)(~j & 3) << 3) >> 24) * Vector512.Load(row + (8 - j % Values / 4) * Chunk);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(byte* row, nint first)
    {
        var block = row + first / Values * Bytes;
        var integers = Vector512.WidenLower(Vector256.WidenLower(Vector128.Load((sbyte*)block + 2 + first % Values).ToVector256Unsafe()).ToVector512Unsafe());
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
