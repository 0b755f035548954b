using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using V = System.Runtime.Intrinsics.Vector512<byte>;

namespace Dayu.Cpu;

/// <summary>
/// How weights of any <see cref="QuantForm"/> lie in a panel of 16 outputs, at about the size they have in the file.
/// A step is a block of the format, or two blocks of 32 values. It holds, in this order:
/// <list type="number">
/// <item>for each block, 16 scales and, if there are any, 16 minima: 16-bit or 32-bit floats, as in the file;</item>
/// <item>for each group of values, the small integers that multiply these: a byte each, or both in one byte if four bits do;</item>
/// <item>from the next multiple of 64 bytes on, the values as indices of the form's levels, in planes of four, two and one bits.</item>
/// </list>
/// A plane of p bits is p vectors for every 32 values. A vector holds four values of k for each output in turn; the next four
/// values are in the next vector and, after p vectors, in the first again, p bits higher.
/// </summary>
internal sealed unsafe class CompactLayout
{
    readonly int group, blockValues, planeBytes;
    readonly (int Bits, int Place, int At)[] planes;

    public CompactLayout(DType dtype)
    {
        var form = dtype.Form!;
        DType = dtype;
        (group, blockValues, Step) = (form.Group, dtype.BlockValues, Math.Max(dtype.BlockValues, QuantPanel.Step));
        (Least, IsLinear, HasHalves) = (form.Levels[0], form.IsLinear, form.HasHalves);
        (SharedScales, HasMinima, SharedMinima) = (form.Scales != (1, 1), form.Minima > 0, form.Minima > 1);
        ArePaired = SharedMinima && form.Scales is (>= 0, < 16) && form.Minima < 16;
        Kernel = (IsFine, Most < 32) switch
        {
            (true, true) => PanelFormat.Fine5,
            (true, false) => PanelFormat.Fine8,
            (false, true) => PanelFormat.Coarse5,
            _ => PanelFormat.Coarse8,
        };
        var smalls = (SharedScales ? 1 : 0) + (SharedMinima && !ArePaired ? 1 : 0);
        HeadBytes = (Step / blockValues * FactorBytes + Step / group * QuantPanel.Columns * smalls + 63) & ~63;
        var bits = BitOperations.Log2((uint)form.Levels.Length - 1) + 1;
        var parts = new List<(int, int, int)>();
        for (var place = 0; place < bits;)
        {
            var p = Math.Min(4, 1 << BitOperations.Log2((uint)(bits - place)));
            parts.Add((p, place, planeBytes));
            (place, planeBytes) = (place + p, planeBytes + p * 64);
        }
        planes = [.. parts];
        for (var i = 0; !IsLinear && i < form.Levels.Length; i++) Heights = Heights.WithElement(i, (byte)(form.Levels[i] - Least));
    }

    /// <summary>The format it is for.</summary>
    public DType DType { get; }

    /// <summary>The panels it expands to.</summary>
    public PanelFormat Kernel { get; }

    /// <summary>Values of k in a step.</summary>
    public int Step { get; }

    /// <summary>Bytes of a step.</summary>
    public int StepBytes => HeadBytes + Step / QuantPanel.Block * planeBytes;

    /// <summary>Bytes of a step before the planes.</summary>
    public int HeadBytes { get; }

    /// <summary>Bytes of all planes of 32 values.</summary>
    public int PlaneBytes => planeBytes;

    /// <summary>The planes: bits, the lowest of them in an index, and where the plane begins.</summary>
    public ReadOnlySpan<(int Bits, int Place, int At)> Planes => planes;

    /// <summary>Whether 16 values share a scale; else 32 or more do.</summary>
    public bool IsFine => group < QuantPanel.Block;

    /// <summary>Groups in 32 values, with a scale each.</summary>
    public int Groups => IsFine ? 2 : 1;

    /// <summary>Whether scales and minima are 16-bit floats; else they are float32.</summary>
    public bool HasHalves { get; }

    /// <summary>Whether a block's scale is multiplied by a small integer for each group.</summary>
    public bool SharedScales { get; }

    /// <summary>Whether a block has a minimum.</summary>
    public bool HasMinima { get; }

    /// <summary>Whether a block's minimum is multiplied by a small integer for each group.</summary>
    public bool SharedMinima { get; }

    /// <summary>Whether a group's small integers share a byte, the scale's in the lower four bits.</summary>
    public bool ArePaired { get; }

    /// <summary>Whether the levels are consecutive integers.</summary>
    public bool IsLinear { get; }

    /// <summary>The least level.</summary>
    public int Least { get; }

    /// <summary>The greatest level, counted from the least.</summary>
    public int Most => DType.Form!.Levels[^1] - Least;

    /// <summary>The levels, counted from the least, where they are not consecutive.</summary>
    public Vector128<byte> Heights { get; }

    /// <summary>Bytes from scales to minima.</summary>
    public int MinimaAt => QuantPanel.Columns * FloatBytes;

    /// <summary>Bytes from the small integers of scales to those of minima, where they do not share a byte.</summary>
    public int SmallBytes => ArePaired ? 0 : Step / group * QuantPanel.Columns;

    /// <summary>Bytes of 64 values of an expanded panel.</summary>
    public int WideBytes => IsFine ? QuantPanel.StepBytes<Fine8>() : QuantPanel.StepBytes<Coarse8>();

    /// <summary>Bytes of an expanded step before the integers.</summary>
    public int WideHeadBytes => IsFine ? QuantPanel.HeadBytes<Fine8>() : QuantPanel.HeadBytes<Coarse8>();

    int FloatBytes => HasHalves ? sizeof(ushort) : sizeof(float);

    /// <summary>Bytes of a block's scales and minima.</summary>
    int FactorBytes => QuantPanel.Columns * FloatBytes * (HasMinima ? 2 : 1);

    /// <summary>Where in a step the scales (and minima) of a value's block begin, and the small integers of its group.</summary>
    public (int Factors, int Small) FactorsAt(int inStep) => (
        inStep / blockValues * FactorBytes,
        Step / blockValues * FactorBytes + inStep / group * QuantPanel.Columns);

    /// <summary>
    /// Expands part of a panel to a wide one (<see cref="IQuantLayout.Group"/>): a byte for each value, counted from the least level,
    /// scales and minima in float32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Expand(byte* panel, nint from, int depth, byte* to)
    {
        for (var k = from; k < from + depth; k += QuantPanel.Step)
            for (var half = 0; half < 2; half++)
            {
                var at = panel + (k + half * QuantPanel.Block) / Step * StepBytes;
                var inStep = (int)((k + half * QuantPanel.Block) % Step);
                for (var g = 0; g < Groups; g++)
                    Factors(at, inStep + 16 * g, (float*)(to + QuantPanel.FloatsAt(Groups * half + g)));
                var body = to + WideHeadBytes + half * QuantPanel.BodyBytes<Fine8>();
                Bytes(at + HeadBytes + inStep / QuantPanel.Block * planeBytes, body);
                if (half == 1) to += WideBytes;
            }
    }

    /// <summary>
    /// Expands scales and minima of a group: value = scale · (byte + least) + minimum, with scale · least made part of the minimum.
    /// </summary>
    void Factors(byte* at, int inStep, float* to)
    {
        var place = FactorsAt(inStep);
        var small = Vector128.Load((sbyte*)at + place.Small);
        var scale = Sixteen(at + place.Factors);
        if (SharedScales) scale *= Floats(ArePaired ? small & Vector128.Create((sbyte)15) : small);
        var minimum = scale * Least;
        if (HasMinima)
        {
            var own = Sixteen(at + place.Factors + MinimaAt);
            if (SharedMinima)
                own *= Floats(ArePaired ? (small.AsByte() >>> 4).AsSByte() : Vector128.Load((sbyte*)at + place.Small + SmallBytes));
            minimum += own;
        }
        scale.Store(to);
        minimum.Store(to + QuantPanel.Columns);
    }

    Vector512<float> Sixteen(byte* factors) =>
        HasHalves ? HalfRows.Widen(Vector256.Load((short*)factors)) : Vector512.Load((float*)factors);

    static Vector512<float> Floats(Vector128<sbyte> small)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(small.ToVector256Unsafe()));
        return Vector512.ConvertToSingle(Vector512.Create(low, high));
    }

    /// <summary>Expands 32 values of 16 outputs.</summary>
    void Bytes(byte* from, byte* to)
    {
        for (var four = 0; four < 8; four++)
        {
            var bytes = V.Zero;
            foreach (var (bits, place, planeAt) in planes)
            {
                var mask = V.One * (byte)((1 << bits) - 1);
                var vector = Vector512.Load(from + planeAt + four % bits * 64).AsUInt16();
                var fields = mask & (vector >>> (four / bits * bits)).AsByte();
                bytes |= (fields.AsUInt16() << place).AsByte();
            }
            if (IsLinear)
            {
                bytes.Store(to + 64 * four);
                continue;
            }
            for (var i = 0; i < 64; i += 16)
            {
                var indices = Vector128.LoadUnsafe(ref Unsafe.As<V, byte>(ref bytes), (nuint)i);
                Vector128.Shuffle(Heights, indices).Store(to + 64 * four + i);
            }
        }
    }
}
