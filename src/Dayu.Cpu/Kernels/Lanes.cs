using System.Runtime.Intrinsics;

namespace Dayu.Cpu;

/// <summary>
/// What a kernel needs of a vector type. A kernel is written once over <typeparamref name="V"/> and the JIT compiles it for each path;
/// every method is one or a few instructions. Vectors are typed as floats; the byte methods see the same bits as bytes or shorts.
/// </summary>
internal unsafe interface ILanes<V> where V : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Loads <see cref="Count"/> floats.</summary>
    static abstract V Load(float* p);
    /// <summary>Loads <see cref="Count"/> elements of a panel as floats.</summary>
    static abstract V Load<E>(E* p) where E : unmanaged, IElement<E>;
    /// <summary>Loads <see cref="Count"/> finite halves as floats.</summary>
    static abstract V LoadHalf(ushort* p);
    static abstract void Store(V v, float* p);
    /// <summary>The same float in every lane.</summary>
    static abstract V Create(float f);
    static abstract V Multiply(V a, V b);
    /// <summary>a · b + c.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>The low four bits of every byte.</summary>
    static abstract V LowDigits(V bytes);
    /// <summary>The high four bits of every byte.</summary>
    static abstract V HighDigits(V bytes);
    /// <summary>Adds to each pair of 16-bit sums: in each 32-bit lane the four digits times the four signed bytes at x.</summary>
    static abstract V Dot(V sums, V digits, int* x);
    /// <summary>Adds each pair of 16-bit sums to one of 32 bits.</summary>
    static abstract V Total(V sums);
    /// <summary>The same, plus the integer at offset.</summary>
    static abstract V Total(V sums, int* offset);
    /// <summary>The same, plus 32-bit sums.</summary>
    static abstract V Total(V sums, V more);
    /// <summary>32-bit integers shifted down, then masked.</summary>
    static abstract V Field(V integers, int shift, int mask);
    /// <summary>16 · high + low, 32-bit integers.</summary>
    static abstract V Join(V high, V low);
    /// <summary>32-bit integers to floats.</summary>
    static abstract V ToFloat(V integers);
}

/// <summary>Two-byte floats as float bits.</summary>
internal static class HalfBits
{
    /// <summary>2^112: a half's exponent is biased by 15, a float's by 127.</summary>
    public const float Bias = 5192296858534827628530496329220096f;

    /// <summary>
    /// Keeps sign, exponent and fraction of a sign-extended half that was shifted left by 13; times <see cref="Bias"/> that is the
    /// half's value, subnormal ones too. Not for infinity and NaN: whoever packs halves keeps them out.
    /// </summary>
    public const int Mask = unchecked((int)0x8fffe000);
}
