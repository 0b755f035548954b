using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>How the numbers of a weight lie in its panels.</summary>
internal enum PanelFormat
{
    /// <summary>Panels of 32 outputs, [K][32].</summary>
    F32,
    F16,
    BF16,
    /// <summary>Groups of 16 outputs, eight bits and a scale per 32 values.</summary>
    Int8,
    Int4,
    /// <summary>Four bits, a scale and a minimum.</summary>
    Int4Min,
    /// <summary>Bytes with scale and minimum for 16 or for 32 values: not stored, but what a piece of a compact panel becomes before it is multiplied.</summary>
    Fine5,
    Fine8,
    Coarse5,
    Coarse8,
    /// <summary>The first of those laid out as a number format's form says: <see cref="CompactLayout"/>.</summary>
    Compact,
}

/// <summary>How a kernel takes x.</summary>
internal enum Packing
{
    Floats,
    /// <summary>Rounded to bfloat16, two neighbours in k at a time (<see cref="Pairs"/>).</summary>
    Pairs,
    /// <summary>Quantised (<see cref="QuantizeRows"/>), a scale for 32 values.</summary>
    Bytes,
    /// <summary>The same, a scale for 16.</summary>
    FineBytes,
}

/// <summary>The kernels for one panel format on one path, and the measures the driver needs. A table of these is all the driver knows:
/// machine code emitted at run time takes the place of a tile in C# by standing beside it.</summary>
internal sealed unsafe class MicroKernel
{
    /// <summary>The most rows of x a tile has.</summary>
    public required int Rows { get; init; }
    /// <summary>Outputs in a panel.</summary>
    public required int Columns { get; init; }
    /// <summary>Values of k in a step, the unit in which depth is counted; a panel ends with a whole step.</summary>
    public int Step { get; init; } = 1;
    /// <summary>Bytes of a panel per step.</summary>
    public required int StepBytes { get; init; }
    /// <summary>What x becomes for it. Where that rounds, an exact product widens the panel instead.</summary>
    public Packing Takes { get; init; }
    /// <summary>True when x is quantised for it.</summary>
    public bool Quantizes => Takes is Packing.Bytes or Packing.FineBytes;
    /// <summary>True when x has a scale for 16 values, not 32.</summary>
    public bool IsFine => Takes == Packing.FineBytes;
    /// <summary>Bytes of packed x per row and step.</summary>
    public int RowBytes { get; init; } = sizeof(float);
    /// <summary>Values of k a tile runs over before the next one: what of a panel stays in the cache.</summary>
    public int Block { get; init; } = 768;
    /// <summary>Values of k that many rows of float x are packed and multiplied at a time: what of x stays in a core's cache.</summary>
    public int Depth { get; init; } = 1536;
    /// <summary>The most rows that are few: each tile widens the panel for itself, or <see cref="Few"/> takes them. What is more takes what is widened once.</summary>
    public int FewRows { get; init; }
    /// <summary>The same panels for a few rows, where that is another kernel.</summary>
    public MicroKernel? Few { get; init; }
    /// <summary>By number of rows: (steps, x, panel, y, stride of y, go on from y).</summary>
    public required delegate*<nint, byte*, byte*, float*, nint, bool, void>[] Tiles { get; init; }
    /// <summary>The same, emitted; null where the C# ones run.</summary>
    public EmittedTiles? Emitted { get; init; }
    /// <summary>Writes [k][32] floats of 32 outputs: (their panels, bytes of a panel, first k, count of k, to). Null for float32 itself. Of compact panels when they are expanded.</summary>
    public delegate*<byte*, nint, nint, nint, float*, void> Widen { get; init; }
    /// <summary>How compact panels lie.</summary>
    public CompactLayout? Compact { get; init; }

    /// <summary>Which panels these become before they are multiplied; null: they are multiplied as they lie, where code for that is emitted.</summary>
    public PanelFormat? Becomes => Emitted is null ? Compact?.Kernel : null;

    /// <summary>Steps that hold depth values.</summary>
    public nint Steps(int depth) => (depth + Step - 1) / Step;

    /// <summary>Bytes of a block of panels brought into this kernel's order.</summary>
    public int BlockBytes => (Block + Step - 1) / Step * StepBytes;

    /// <summary>Brings part of panels, where it begins a whole number of steps, into the order of another kernel.</summary>
    public void Bring(byte* panels, nint panelBytes, nint from, int depth, MicroKernel to, byte* buffer)
    {
        if (Compact is null) Widen(panels, panelBytes, from, depth, (float*)buffer);
        else if (to.Quantizes) Compact.Expand(panels, from, depth, buffer);
        else
        {
            var bytes = Compact.WideBytes;
            var pieces = stackalloc byte[2 * bytes];                  // 64 values of two panels
            for (var k = 0; k < depth; k += QuantPanel.Step)
            {
                var count = Math.Min(QuantPanel.Step, depth - k);
                Compact.Expand(panels, from + k, count, pieces);
                Compact.Expand(panels + panelBytes, from + k, count, pieces + bytes);
                Widen(pieces, bytes, 0, count, (float*)buffer + k * FloatTile.Columns);
            }
        }
    }

    /// <summary>Runs the tile of that many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(int rows, nint steps, byte* x, byte* panel, float* y, nint stride, bool resume)
    {
        if (Emitted is null) Tiles[rows](steps, x, panel, y, stride, resume);
        else Emitted[rows](steps, x, panel, y, stride, resume ? 1 : 0);
    }

    /// <summary>The table of a path, by <see cref="PanelFormat"/>.</summary>
    public static MicroKernel[] For(CpuPath path, CodeMemory? code) => path switch
    {
        CpuPath.Avx512Vnni => Table<Vector512<float>, Lanes512>(rows: 14, quantRows: 8, new VnniEmission(code!)),
        CpuPath.Avx512 => Table<Vector512<float>, Lanes512>(rows: 14, quantRows: 8),
        CpuPath.Avx2Emitted => Table<Vector256<float>, Lanes256>(rows: 0, quantRows: 4, new Avx2Emission(code!)),
        CpuPath.Avx2 => Table<Vector256<float>, Lanes256>(rows: 0, quantRows: 4),
        _ => Table<Vector128<float>, Lanes128>(rows: 0, quantRows: 4),
    };

    static MicroKernel[] Table<V, L>(int rows, int quantRows, Emission? emission = null) where V : struct where L : struct, ILanes<V>
    {
        MicroKernel fine8 = Quant<V, L, Fine8>(quantRows, emission, block: 512), coarse8 = Quant<V, L, Coarse8>(quantRows, emission, block: 512);
        return
        [
            OfFloats<V, L, F32>(rows), OfFloats<V, L, F16>(rows), emission?.Pairs is { } pairs ? OfPairs(pairs) : OfFloats<V, L, BF16>(rows),
            Quant<V, L, Int8>(quantRows, emission), Quant<V, L, Int4>(quantRows, emission), Quant<V, L, Int4Min>(quantRows, emission),
            Quant<V, L, Fine5>(quantRows, emission, block: 512), fine8, Quant<V, L, Coarse5>(quantRows, emission, block: 512), coarse8,
            .. DType.Known.Where(d => d.Form is not null).Select(d => new CompactLayout(d)).Select(c => OfCompact(c, c.IsFine ? fine8 : coarse8, emission)),
        ];
    }

    /// <summary>Panels that are multiplied as they lie where code for that is emitted, and elsewhere expanded to another's first.</summary>
    static MicroKernel OfCompact(CompactLayout layout, MicroKernel wide, Emission? emission) => OfCompact(layout, wide, emission?.Compact(layout), emission?.Block ?? 0);

    static MicroKernel OfCompact(CompactLayout layout, MicroKernel wide, EmittedTiles? emitted, int block) => new()
    {
        Rows = emitted?.Most ?? wide.Rows,
        Columns = QuantPanel.Columns,
        Step = layout.Step,
        StepBytes = layout.StepBytes,
        RowBytes = layout.Step / QuantPanel.Step * wide.RowBytes,
        Takes = wide.Takes,
        Block = block,
        Tiles = [],
        Emitted = emitted,
        Compact = layout,
        Widen = wide.Widen,
    };

    static MicroKernel Quant<V, L, Q>(int rows, Emission? emission, int? block = null) where V : struct where L : struct, ILanes<V> where Q : struct, IQuantLayout => Quant<V, L, Q>(rows, emission?.Quant<Q>(), block ?? emission?.Block ?? 4096);

    static MicroKernel Quant<V, L, Q>(int rows, EmittedTiles? emitted, int block) where V : struct where L : struct, ILanes<V> where Q : struct, IQuantLayout => new()
    {
        Rows = emitted?.Most ?? rows,
        Columns = QuantPanel.Columns,
        Step = QuantPanel.Step,
        Takes = QuantPanel.IsFine<Q>() ? Packing.FineBytes : Packing.Bytes,
        StepBytes = QuantPanel.StepBytes<Q>(),
        RowBytes = 2 * QuantPanel.RowBlockBytes(QuantPanel.IsFine<Q>()),
        Block = block,
        Widen = &QuantTile.Widen<V, L, Q>,
        Emitted = emitted,
        Tiles =
        [
            null, &QuantTile.Run<V, L, Q, Rows1>, &QuantTile.Run<V, L, Q, Rows2>, &QuantTile.Run<V, L, Q, Rows3>, &QuantTile.Run<V, L, Q, Rows4>,
            &QuantTile.Run<V, L, Q, Rows5>, &QuantTile.Run<V, L, Q, Rows6>, &QuantTile.Run<V, L, Q, Rows7>, &QuantTile.Run<V, L, Q, Rows8>,
            &QuantTile.Run<V, L, Q, Rows9>, &QuantTile.Run<V, L, Q, Rows10>, &QuantTile.Run<V, L, Q, Rows11>, &QuantTile.Run<V, L, Q, Rows12>,
        ],
    };

    static MicroKernel OfPairs(EmittedTiles emitted) => new()
    {
        Rows = emitted.Most,
        Columns = FloatTile.Columns,
        Step = 2,
        StepBytes = FloatTile.Columns * sizeof(uint),
        Takes = Packing.Pairs,
        Block = 1536,
        Widen = &Pairs.Widen,
        Emitted = emitted,
        Tiles = [],
    };

    /// <summary>Tiles of that many rows where two vectors are a panel; none: <see cref="WideTile"/>, with shorter blocks, which smaller caches hold.</summary>
    static MicroKernel OfFloats<V, L, E>(int rows) where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E>
    {
        if (rows > 0) return Float<V, L, E>(rows);
        var few = Wide<V, L, E, Streamed>(block: 256 / sizeof(E));
        return E.Format == PanelFormat.F32 ? Wide<V, L, E, Cached>(block: 256, few) : few;
    }

    static MicroKernel Float<V, L, E>(int rows) where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> => new()
    {
        Rows = rows,
        FewRows = rows,
        Columns = FloatTile.Columns,
        StepBytes = FloatTile.Columns * sizeof(E),
        Widen = E.Format == PanelFormat.F32 ? null : &FloatTile.Widen<V, L, E>,
        Tiles =
        [
            null, &FloatTile.Run<V, L, E, Rows1>, &FloatTile.Run<V, L, E, Rows2>, &FloatTile.Run<V, L, E, Rows3>, &FloatTile.Run<V, L, E, Rows4>,
            &FloatTile.Run<V, L, E, Rows5>, &FloatTile.Run<V, L, E, Rows6>, &FloatTile.Run<V, L, E, Rows7>, &FloatTile.Run<V, L, E, Rows8>, &FloatTile.Run<V, L, E, Rows9>,
            &FloatTile.Run<V, L, E, Rows10>, &FloatTile.Run<V, L, E, Rows11>, &FloatTile.Run<V, L, E, Rows12>, &FloatTile.Run<V, L, E, Rows13>, &FloatTile.Run<V, L, E, Rows14>,
        ],
    };

    /// <summary>Where a panel is wider than two vectors. Halves cost more to widen than bfloat16: fewer tiles do it for themselves.</summary>
    static MicroKernel Wide<V, L, E, A>(int block, MicroKernel? few = null)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where A : struct, IAhead => new()
    {
        Rows = WideTile.MostRows,
        FewRows = E.Format == PanelFormat.BF16 ? 18 : 9,
        Few = few,
        Columns = FloatTile.Columns,
        StepBytes = FloatTile.Columns * sizeof(E),
        Block = block,
        Depth = 256,
        Widen = E.Format == PanelFormat.F32 ? null : &FloatTile.Widen<V, L, E>,
        Tiles = [null, &WideTile.Run<V, L, E, Rows1, A>, &WideTile.Run<V, L, E, Rows2, A>, &WideTile.Run<V, L, E, Rows3, A>],
    };
}
