using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>
/// How quantised weights lie in a panel and what a stored integer means. A panel has 16 outputs and runs in steps of 64 values
/// of k. A step holds, for each half of 32 values, 16 scales; then 16 minima for each, if the layout has minima; then the
/// integers of each half, 4 bytes along k for each output in turn.
/// Integers are split into four-bit digits, so that the products of a block of 32 sum in two 16-bit lanes: 32 · 15 · 127 &lt; 2^16.
/// </summary>
internal interface IQuantLayout
{
    /// <summary>The format of panels laid out like this.</summary>
    static abstract PanelFormat Format { get; }

    /// <summary>
    /// True: a byte holds one value of two digits, 16 · high + low − 128.
    /// False: it holds two values of one digit, k in the low half and k + 16 in the high.
    /// </summary>
    static abstract bool Wide { get; }

    /// <summary>True: value = scale · digit + minimum. False: scale · (digit − 8).</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>
    /// Values that share a float32 scale and minimum, 16 or 32, one value a byte: what <see cref="CompactLayout"/> expands to,
    /// a block at a time; never stored. 0: 32 values share 16-bit floats.
    /// </summary>
    static virtual int Group => 0;
}

/// <summary>value = scale · integer, −128 … 127.</summary>
internal readonly struct Int8 : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Int8;
    public static bool Wide => true;
    public static bool HasMinimum => false;
}

/// <summary>value = scale · (digit − 8).</summary>
internal readonly struct Int4 : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Int4;
    public static bool Wide => false;
    public static bool HasMinimum => false;
}

/// <summary>value = scale · digit + minimum.</summary>
internal readonly struct Int4Min : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Int4Min;
    public static bool Wide => false;
    public static bool HasMinimum => true;
}

/// <summary>value = scale · byte + minimum, bytes up to 31, so that 16 values sum in two 16-bit lanes: 8 · 31 · 127 &lt; 2^15.</summary>
internal readonly struct Fine5 : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Fine5;
    public static bool Wide => false;
    public static bool HasMinimum => true;
    public static int Group => 16;
}

/// <summary>value = scale · byte + minimum, any byte.</summary>
internal readonly struct Fine8 : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Fine8;
    public static bool Wide => true;
    public static bool HasMinimum => true;
    public static int Group => 16;
}

/// <summary><see cref="Fine5"/> with a scale for 32 values, whose products are summed in two halves.</summary>
internal readonly struct Coarse5 : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Coarse5;
    public static bool Wide => false;
    public static bool HasMinimum => true;
    public static int Group => 32;
}

/// <summary><see cref="Fine8"/> with a scale for 32 values.</summary>
internal readonly struct Coarse8 : IQuantLayout
{
    public static PanelFormat Format => PanelFormat.Coarse8;
    public static bool Wide => true;
    public static bool HasMinimum => true;
    public static int Group => 32;
}

/// <summary>Sizes and offsets in a quantised panel, and in x quantised for it.</summary>
/// <remarks>Methods that kernels call are always inlined: a call would spill a kernel's registers.</remarks>
internal static class QuantPanel
{
    /// <summary>Values of k that share a scale; values in a step; outputs in a panel.</summary>
    public const int Block = 32, Step = 64, Columns = 16;

    /// <summary>
    /// Numbers per row and block of x that follow its 32 signed bytes: scale, −8 · sum of the bytes, scale · sum of the bytes.
    /// For fine panels: a scale for each 16 values, then each scale times the sum of its bytes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowFactors(bool fine) => fine ? 4 : 3;

    /// <summary>Bytes of quantised x per row and block.</summary>
    public static int RowBlockBytes(bool fine) => Block + RowFactors(fine) * sizeof(float);

    /// <summary>Bytes of a step's scales and minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HeadBytes<Q>() where Q : struct, IQuantLayout =>
        HasFloats<Q>() ? Step / Q.Group * 2 * Columns * sizeof(float) : (Q.HasMinimum ? 4 : 2) * Columns * sizeof(ushort);

    /// <summary>Bytes of the integers of one half of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BodyBytes<Q>() where Q : struct, IQuantLayout => Columns * Block / (Pairs<Q>() ? 2 : 1);

    /// <summary>Whether a byte holds two values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Pairs<Q>() where Q : struct, IQuantLayout => !Q.Wide && !HasFloats<Q>();

    /// <summary>Whether scales and minima are float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasFloats<Q>() where Q : struct, IQuantLayout => Q.Group > 0;

    /// <summary>Whether 16 values share a scale, in the panel and in x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFine<Q>() where Q : struct, IQuantLayout => Q.Group == 16;

    /// <summary>Bytes of a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StepBytes<Q>() where Q : struct, IQuantLayout => HeadBytes<Q>() + 2 * BodyBytes<Q>();

    /// <summary>Where in a step the 16-bit scales of a half begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ScaleAt(int half) => half * Columns * sizeof(ushort);

    /// <summary>Where in a step the 16-bit minima of a half begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MinimumAt(int half) => (2 + half) * Columns * sizeof(ushort);

    /// <summary>Where in a step the float32 scales of a group of 16 or 32 values begin; their minima follow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FloatsAt(int group) => group * 2 * Columns * sizeof(float);
}
