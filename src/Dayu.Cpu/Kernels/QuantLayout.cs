using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>
/// How quantised weights lie in a panel and what a stored integer means. A panel has 16 outputs and runs in steps of 64 values of k: for each
/// half of 32 values 16 scales, then 16 minima where there are any, then the integers, 4 bytes along k for each output in turn.
/// All integers are made of four-bit digits, so that a block of 32 sums in 16 bits: 32 · 15 · 127 &lt; 2^16, in two lanes.
/// </summary>
internal interface IQuantLayout
{
    static abstract PanelFormat Format { get; }
    /// <summary>Bytes hold one value of two digits, 16 · high + low − 128. Else two values of one digit: k in the low half, k + 16 in the high.</summary>
    static abstract bool Wide { get; }
    /// <summary>value = scale · digit + minimum. Else scale · (digit − 8).</summary>
    static abstract bool HasMinimum { get; }
    /// <summary>Values that share a scale and a minimum in float32, 16 or 32; bytes hold one value each. What <see cref="CompactLayout"/> is expanded to, a piece at a time: it is never stored.
    /// 0: 32 values share halves.</summary>
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

/// <summary>value = scale · byte + minimum, bytes up to 31: 16 products of each lane sum in 16 bits, 8 · 31 · 127 &lt; 2^15.</summary>
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

/// <summary><see cref="Fine5"/> with a scale for 32 values; their products are summed in two halves.</summary>
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

/// <summary>Sizes of a quantised panel and of x quantised for it.</summary>
internal static class QuantPanel
{
    /// <summary>Values of k that share a scale; values in a step; outputs in a panel.</summary>
    public const int Block = 32, Step = 64, Columns = 16;

    /// <summary>Numbers of x per row and block behind its 32 signed bytes. Scale, −8 · (sum of the bytes), scale · (sum of the bytes); for fine panels two scales, one for 16 values, and the sums times these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int RowFactors(bool fine) => fine ? 4 : 3;
    public static int RowBlockBytes(bool fine) => Block + RowFactors(fine) * sizeof(float);

    /// <summary>Bytes of a step's scales and minima, and of one half's integers. (Inlined by order: a call in a kernel would spill its registers.)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int HeadBytes<Q>() where Q : struct, IQuantLayout => HasFloats<Q>() ? Step / Q.Group * 2 * Columns * sizeof(float) : (Q.HasMinimum ? 4 : 2) * Columns * sizeof(ushort);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int BodyBytes<Q>() where Q : struct, IQuantLayout => Columns * Block / (Pairs<Q>() ? 2 : 1);
    /// <summary>Bytes hold two values each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static bool Pairs<Q>() where Q : struct, IQuantLayout => !Q.Wide && !HasFloats<Q>();
    /// <summary>Scales and minima are float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static bool HasFloats<Q>() where Q : struct, IQuantLayout => Q.Group > 0;
    /// <summary>x has a scale for 16 values too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static bool IsFine<Q>() where Q : struct, IQuantLayout => Q.Group == 16;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int StepBytes<Q>() where Q : struct, IQuantLayout => HeadBytes<Q>() + 2 * BodyBytes<Q>();

    /// <summary>Where in a step the scales (or minima) of a half begin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int ScaleAt(int half) => half * Columns * sizeof(ushort);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int MinimumAt(int half) => (2 + half) * Columns * sizeof(ushort);

    /// <summary>Where in a step the float32 scales of a group of 16 or 32 values begin; behind them their minima.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static int FloatsAt(int group) => group * 2 * Columns * sizeof(float);
}
