using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dayu.Cpu;

/// <summary>The element of a float panel, and how it is widened to float32, exactly.</summary>
internal unsafe interface IElement<TSelf> where TSelf : unmanaged, IElement<TSelf>
{
    static abstract PanelFormat Format { get; }
    static abstract Vector512<float> Load512(TSelf* p);
    static abstract Vector256<float> Load256(TSelf* p);
    static abstract Vector128<float> Load128(TSelf* p);
    /// <summary>Whether the loads widen all of these values correctly.</summary>
    static abstract bool CanWiden(TSelf* values, nint count);
    static abstract float ToSingle(TSelf value);
}

/// <summary>float32.</summary>
internal unsafe struct F32 : IElement<F32>
{
    public float Value;
    public static PanelFormat Format => PanelFormat.F32;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector512<float> Load512(F32* p) => Vector512.Load((float*)p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector256<float> Load256(F32* p) => Vector256.Load((float*)p);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Vector128<float> Load128(F32* p) => Vector128.Load((float*)p);
    public static bool CanWiden(F32* values, nint count) => true;
    public static float ToSingle(F32 value) => value.Value;
}

/// <summary>The upper half of a float32.</summary>
internal unsafe struct BF16 : IElement<BF16>
{
    public ushort Bits;
    public static PanelFormat Format => PanelFormat.BF16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(BF16* p) => (Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)p)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(BF16* p) => (Avx2.ConvertToVector256Int32(Vector128.Load((ushort*)p)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(BF16* p) =>
        (Vector128.WidenLower(Vector64.Load((ushort*)p).ToVector128Unsafe()) << 16).AsSingle();

    public static bool CanWiden(BF16* values, nint count) => true;
    public static float ToSingle(BF16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);
}

/// <summary>IEEE binary16, finite.</summary>
internal unsafe struct F16 : IElement<F16>
{
    public ushort Bits;
    public static PanelFormat Format => PanelFormat.F16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(F16* p) =>
        ((Avx512F.ConvertToVector512Int32(Vector256.Load((short*)p)) << 13) & Vector512.Create(HalfBits.Mask)).AsSingle()
        * Vector512.Create(HalfBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(F16* p) =>
        ((Avx2.ConvertToVector256Int32(Vector128.Load((short*)p)) << 13) & Vector256.Create(HalfBits.Mask)).AsSingle()
        * Vector256.Create(HalfBits.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load128(F16* p) =>
        ((Vector128.WidenLower(Vector64.Load((short*)p).ToVector128Unsafe()) << 13) & Vector128.Create(HalfBits.Mask)).AsSingle()
        * Vector128.Create(HalfBits.Bias);

    public static bool CanWiden(F16* values, nint count)
    {
        var exponent = Vector128.Create((ushort)0x7c00);
        nint i = 0;
        for (; i <= count - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
            if (Vector128.EqualsAny(Vector128.Load((ushort*)values + i) & exponent, exponent)) return false;
        for (; i < count; i++)
            if ((values[i].Bits & 0x7c00) == 0x7c00) return false;
        return true;
    }

    public static float ToSingle(F16 value) => (float)BitConverter.UInt16BitsToHalf(value.Bits);
}
