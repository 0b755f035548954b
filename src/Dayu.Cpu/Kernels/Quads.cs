using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector128<uint>;

namespace Dayu.Cpu;

/// <summary>
/// Transposes four rows of four 32-bit fields, as rows of a file become panels. 128-bit vectors are enough to outpace memory.
/// </summary>
internal static unsafe class Quads
{
    /// <summary>Takes four fields of each row; returns the first of each, the second of each and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V, V, V, V) Transpose(void* row0, void* row1, void* row2, void* row3)
    {
        V r0 = Vector128.Load((uint*)row0), r1 = Vector128.Load((uint*)row1);
        V r2 = Vector128.Load((uint*)row2), r3 = Vector128.Load((uint*)row3);
        V a = Low(r0, r1), b = Low(r2, r3), c = High(r0, r1), d = High(r2, r3);
        return (Low64(a, b), High64(a, b), Low64(c, d), High64(c, d));
    }

    /// <summary>The same, with some bits flipped, and stored: field f of row r goes to to[f · width + r].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(void* row0, void* row1, void* row2, void* row3, V flip, uint* to, nint width)
    {
        var (f0, f1, f2, f3) = Transpose(row0, row1, row2, row3);
        (f0 ^ flip).Store(to);
        (f1 ^ flip).Store(to + width);
        (f2 ^ flip).Store(to + 2 * width);
        (f3 ^ flip).Store(to + 3 * width);
    }

    /// <summary>Prefetches what is transposed next. Sixteen rows are more streams than a hardware prefetcher follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* from, nint bytes)
    {
        if (!Sse.IsSupported) return;
        for (nint at = 0; at < bytes; at += 64) Sse.Prefetch1((byte*)from + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Low(V a, V b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V High(V a, V b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Low64(V a, V b) =>
        (Sse2.IsSupported ? Sse2.UnpackLow(a.AsUInt64(), b.AsUInt64())
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a.AsUInt64(), b.AsUInt64())
        : Vector128.Create(a.AsUInt64()[0], b.AsUInt64()[0])).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V High64(V a, V b) =>
        (Sse2.IsSupported ? Sse2.UnpackHigh(a.AsUInt64(), b.AsUInt64())
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a.AsUInt64(), b.AsUInt64())
        : Vector128.Create(a.AsUInt64()[1], b.AsUInt64()[1])).AsUInt32();
}
