using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>How keys and values lie in a cache, and how they become floats again: the same numbers as <see cref="DType.Encode"/> and <see cref="DType.Decode"/>, in vectors.</summary>
internal unsafe interface ICacheFormat
{
    static abstract DType Format { get; }

    /// <summary>Values in 4 bytes; 0 where values do not come in such words.</summary>
    static abstract int WordValues { get; }

    /// <summary>Turned words [words, Chunk] → turned values [words · WordValues, Chunk], of so many keys.</summary>
    static abstract void Unpack(float* turned, nint words, int keys, float* to);

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
    public static int WordValues => 1;
    public static void Unpack(float* turned, nint words, int keys, float* to) { }

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

    public static int WordValues => 2;

    /// <summary>The lower half of a word is the first of two values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(float* turned, nint words, int keys, float* to)
    {
        Vector512<int> mask = Vector512.Create(HalfBits.Mask);
        var bias = Vector512.Create(HalfBits.Bias);
        for (nint i = 0; i < words; i++, turned += AttentionKernels.Chunk, to += 2 * AttentionKernels.Chunk)
            for (nint j = 0; j < keys; j += 16)
            {
                var pair = Vector512.Load((int*)turned + j);
                (((pair << 16 >> 3) & mask).AsSingle() * bias).Store(to + j);
                (((pair >> 3) & mask).AsSingle() * bias).Store(to + AttentionKernels.Chunk + j);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(byte* row, nint first) => Widen(Vector256.Load((short*)row + first));

    public static float One(byte* row, nint at) => (float)((Half*)row)[at];

    /// <summary>Exact for finite numbers. Sign and fraction go to their places, and 2¹¹² makes good for the exponents' different biases, those of subnormal numbers too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Widen(Vector256<short> halves) =>
        ((Vector512.WidenLower(halves.ToVector512Unsafe()) << 13) & Vector512.Create(HalfBits.Mask)).AsSingle() * Vector512.Create(HalfBits.Bias);

    /// <summary>To the nearest, ties to even; what is too large, or no number, becomes infinite.</summary>
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
    const int Values = 32, Bytes = 34;

    public static DType Format { get; } = DType.Named("q8_0");
    public static int WordValues => 0;
    public static void Unpack(float* turned, nint words, int keys, float* to) { }

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
