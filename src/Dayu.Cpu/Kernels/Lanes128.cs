using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;
using V = System.Runtime.Intrinsics.Vector128<float>;

namespace Dayu.Cpu;

/// <summary>Four floats in .NET's portable vectors. Without a fused multiply-add, products are rounded before they are added.</summary>
internal readonly unsafe struct Lanes128 : ILanes<V>
{
    public static int Count => 4;
    [MethodImpl(AggressiveInlining)] public static V Load(float* p) => Vector128.Load(p);
    [MethodImpl(AggressiveInlining)] public static V Load<E>(E* p) where E : unmanaged, IElement<E> => E.Load128(p);
    [MethodImpl(AggressiveInlining)] public static V LoadHalf(ushort* p) => F16.Load128((F16*)p);
    [MethodImpl(AggressiveInlining)] public static void Store(V v, float* p) => v.Store(p);
    [MethodImpl(AggressiveInlining)] public static V Create(float f) => Vector128.Create(f);
    [MethodImpl(AggressiveInlining)] public static V Multiply(V a, V b) => a * b;
    [MethodImpl(AggressiveInlining)] public static V Fma(V a, V b, V c) => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(AggressiveInlining)]
    public static V LowDigits(V bytes) =>
        (bytes.AsByte() & Vector128.Create((byte)15)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V HighDigits(V bytes) =>
        ((bytes.AsUInt16() >>> 4).AsByte() & Vector128.Create((byte)15)).AsSingle();

    /// <summary>Even bytes times even bytes, odd times odd, as 16-bit lanes: what x86 does in one instruction.</summary>
    [MethodImpl(AggressiveInlining)]
    public static V Dot(V sums, V digits, int* x)
    {
        Vector128<short> d = digits.AsInt16(), b = Vector128.Create(*x).AsInt16();
        return (sums.AsInt16() + ((d & Vector128.Create((short)0xff)) * ((b << 8) >> 8)) + ((d >>> 8) * (b >> 8))).AsSingle();
    }

    [MethodImpl(AggressiveInlining)]
    public static V Total(V sums) =>
        (((sums.AsInt32() << 16) >> 16) + (sums.AsInt32() >> 16)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Total(V sums, int* offset) =>
        (Total(sums).AsInt32() + Vector128.Create(*offset)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Total(V sums, V more) =>
        (Total(sums).AsInt32() + more.AsInt32()).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Field(V integers, int shift, int mask) =>
        ((integers.AsInt32() >>> shift) & Vector128.Create(mask)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Join(V high, V low) =>
        ((high.AsInt32() << 4) + low.AsInt32()).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V ToFloat(V integers) =>
        Vector128.ConvertToSingle(integers.AsInt32());
}
