using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using V = System.Runtime.Intrinsics.Vector512<byte>;

namespace Dayu.Cpu;

/// <summary>
/// How weights of any <see cref="QuantForm"/> lie in a panel of 16 outputs, at about the size they have in the file. A step is a block of the format (or two of 32 values): per output and block a scale and,
/// where there are any, a minimum, halves or float32 as in the file; per group of values the small integers these are multiplied by, a byte each, or both in one where four bits do; then, at a multiple of
/// 64 bytes, the numbers, as places among the form's levels, in planes of four, two and one bits. A plane of p bits is p vectors for every 32 values: four values of k for each output in turn; the next four in the next vector, and after p vectors again in the first,
/// p bits higher.
/// </summary>
internal sealed unsafe class CompactLayout
{
    readonly int group, blockValues, step, factorBytes, headBytes, planeBytes;
    readonly bool halves, shared, minima, sharedMinima, paired, linear;
    readonly int least;
    readonly (int Bits, int Place, int At)[] planes;
    readonly Vector128<byte> heights;

    /// <summary>The format it is for.</summary>
    public DType DType { get; }
    /// <summary>Values of k in a step; its bytes.</summary>
    public int Step => step;
    public int StepBytes => headBytes + step / QuantPanel.Block * planeBytes;
    /// <summary>16 values share a scale; else 32 or more.</summary>
    public bool IsFine => group < QuantPanel.Block;
    /// <summary>Bytes of 64 values of an expanded panel, and of what stands before their integers.</summary>
    public int WideBytes => IsFine ? QuantPanel.StepBytes<Fine8>() : QuantPanel.StepBytes<Coarse8>();
    public int WideHeadBytes => IsFine ? QuantPanel.HeadBytes<Fine8>() : QuantPanel.HeadBytes<Coarse8>();
    /// <summary>What it is expanded to.</summary>
    public PanelFormat Kernel { get; }

    // What an assembler of this layout needs.
    /// <summary>Parts of a block of 32 values that have a scale each.</summary>
    public int Parts => IsFine ? 2 : 1;
    public ReadOnlySpan<(int Bits, int Place, int At)> Planes => planes;
    public int HeadBytes => headBytes;
    public int PlaneBytes => planeBytes;
    /// <summary>Bytes from the small integers of scales to those of minima, where they do not share a byte.</summary>
    public int SmallBytes => paired ? 0 : step / group * QuantPanel.Columns;
    /// <summary>Bytes from scales to minima.</summary>
    public int MinimaAt => QuantPanel.Columns * FactorBytes;
    public bool HasHalves => halves;
    /// <summary>A group's small integers are four bits of one byte each, the scale's the lower.</summary>
    public bool ArePaired => paired;
    public int Least => least;
    /// <summary>The greatest height of a level above the least.</summary>
    public int Most => DType.Form!.Levels[^1] - least;
    public bool IsLinear => linear;
    public bool SharedScales => shared;
    public bool HasMinima => minima;
    public bool SharedMinima => sharedMinima;
    public Vector128<byte> Heights => heights;

    /// <summary>Where in a step scale (and minimum) of a value's block begin, and the small integers of its group.</summary>
    public (int Factors, int Small) FactorsAt(int inStep) =>
        (inStep / blockValues * factorBytes, step / blockValues * factorBytes + inStep / group * QuantPanel.Columns);

    int FactorBytes => halves ? sizeof(ushort) : sizeof(float);

    public CompactLayout(DType dtype)
    {
        var form = dtype.Form!;
        (DType, group, blockValues, step, least, linear) = (dtype, form.Group, dtype.BlockValues, Math.Max(dtype.BlockValues, QuantPanel.Step), form.Levels[0], form.IsLinear);
        (halves, shared, minima, sharedMinima) = (form.HasHalves, form.Scales != (1, 1), form.Minima > 0, form.Minima > 1);
        paired = sharedMinima && form.Scales is (>= 0, < 16) && form.Minima < 16;
        Kernel = (IsFine, Most < 32) switch
        {
            (true, true) => PanelFormat.Fine5, (true, false) => PanelFormat.Fine8, (false, true) => PanelFormat.Coarse5, _ => PanelFormat.Coarse8,
        };
        factorBytes = QuantPanel.Columns * FactorBytes * (minima ? 2 : 1);
        headBytes = (step / blockValues * factorBytes + step / group * QuantPanel.Columns * ((shared ? 1 : 0) + (sharedMinima && !paired ? 1 : 0)) + 63) & ~63;
        var bits = BitOperations.Log2((uint)form.Levels.Length - 1) + 1;
        var parts = new List<(int, int, int)>();
        for (var place = 0; place < bits;)
        {
            var p = Math.Min(4, 1 << BitOperations.Log2((uint)(bits - place)));
            parts.Add((p, place, planeBytes));
            (place, planeBytes) = (place + p, planeBytes + p * 64);
        }
        planes = [.. parts];
        for (var i = 0; !linear && i < form.Levels.Length; i++) heights = heights.WithElement(i, (byte)(form.Levels[i] - least));
    }

    /// <summary>Part of a panel as a wide one (<see cref="IQuantLayout.Group"/>): bytes from the lowest level up, scales and minima in float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Expand(byte* panel, nint from, int depth, byte* to)
    {
        for (var k = from; k < from + depth; k += QuantPanel.Step)
            for (var half = 0; half < 2; half++)
            {
                var at = panel + (k + half * QuantPanel.Block) / step * StepBytes;
                var inStep = (int)((k + half * QuantPanel.Block) % step);
                for (var part = 0; part < Parts; part++) Factors(at, inStep + 16 * part, (float*)(to + QuantPanel.FloatsAt(Parts * half + part)));
                Bytes(at + headBytes + inStep / QuantPanel.Block * planeBytes, to + WideHeadBytes + half * QuantPanel.BodyBytes<Fine8>());
                if (half == 1) to += WideBytes;
            }
    }

    /// <summary>Scales and minima of a group: value = scale · (byte + least) + minimum.</summary>
    void Factors(byte* at, int inStep, float* to)
    {
        var place = FactorsAt(inStep);
        var small = Vector128.Load((sbyte*)at + place.Small);
        var scale = Sixteen(at + place.Factors);
        if (shared) scale *= Floats(paired ? small & Vector128.Create((sbyte)15) : small);
        var minimum = scale * least;
        if (minima)
        {
            var own = Sixteen(at + place.Factors + MinimaAt);
            minimum += sharedMinima ? own * Floats(paired ? (small.AsByte() >>> 4).AsSByte() : Vector128.Load((sbyte*)at + place.Small + SmallBytes)) : own;
        }
        scale.Store(to);
        minimum.Store(to + QuantPanel.Columns);
    }

    Vector512<float> Sixteen(byte* factors) => halves ? HalfRows.Widen(Vector256.Load((short*)factors)) : Vector512.Load((float*)factors);

    static Vector512<float> Floats(Vector128<sbyte> small)
    {
        var (low, high) = Vector256.Widen(Vector256.WidenLower(small.ToVector256Unsafe()));
        return Vector512.ConvertToSingle(Vector512.Create(low, high));
    }

    /// <summary>32 values of 16 outputs.</summary>
    void Bytes(byte* from, byte* to)
    {
        for (var four = 0; four < 8; four++)
        {
            var bytes = V.Zero;
            foreach (var (bits, place, planeAt) in planes)
            {
                var fields = (V.One * (byte)((1 << bits) - 1)) & (Vector512.Load(from + planeAt + four % bits * 64).AsUInt16() >>> (four / bits * bits)).AsByte();
                bytes |= (fields.AsUInt16() << place).AsByte();
            }
            if (linear) bytes.Store(to + 64 * four);
            else
                for (var i = 0; i < 4; i++) Vector128.Shuffle(heights, Vector128.LoadUnsafe(ref Unsafe.As<V, byte>(ref bytes), (nuint)(16 * i))).Store(to + 64 * four + 16 * i);
        }
    }
}
