using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace Dayu.Cpu;

/// <summary>AVX2 with FMA: eight floats.</summary>
internal readonly unsafe struct Lanes256 : ILanes<V>
{
    public static int Count => 8;
    [MethodImpl(AggressiveInlining)] public static V Load(float* p) => Vector256.Load(p);
    [MethodImpl(AggressiveInlining)] public static V Load<E>(E* p) where E : unmanaged, IElement<E> => E.Load256(p);
    [MethodImpl(AggressiveInlining)] public static V LoadHalf(ushort* p) => F16.Load256((F16*)p);
    [MethodImpl(AggressiveInlining)] public static void Store(V v, float* p) => v.Store(p);
    [MethodImpl(AggressiveInlining)] public static V Create(float f) => Vector256.Create(f);
    [MethodImpl(AggressiveInlining)] public static V Multiply(V a, V b) => a * b;

    [MethodImpl(AggressiveInlining)]
    public static V Fma(V a, V b, V c) =>
        System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, b, c);

    [MethodImpl(AggressiveInlining)]
    public static V LowDigits(V bytes) =>
        (bytes.AsByte() & Vector256.Create((byte)15)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V HighDigits(V bytes) =>
        ((bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Dot(V sums, V digits, int* x) =>
        (sums.AsInt16() + Avx2.MultiplyAddAdjacent(digits.AsByte(), Vector256.Create(*x).AsSByte())).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Total(V sums) =>
        Avx2.MultiplyAddAdjacent(sums.AsInt16(), Vector256.Create((short)1)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Total(V sums, int* offset) =>
        (Total(sums).AsInt32() + Vector256.Create(*offset)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Total(V sums, V more) =>
        (Total(sums).AsInt32() + more.AsInt32()).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Field(V integers, int shift, int mask) =>
        ((integers.AsInt32() >>> shift) & Vector256.Create(mask)).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V Join(V high, V low) =>
        ((high.AsInt32() << 4) + low.AsInt32()).AsSingle();

    [MethodImpl(AggressiveInlining)]
    public static V ToFloat(V integers) =>
        Avx.ConvertToVector256Single(integers.AsInt32());
}
