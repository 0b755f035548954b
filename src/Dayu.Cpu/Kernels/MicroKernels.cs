using System.Runtime.Intrinsics;
using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>The tables of kernels, one for each path.</summary>
internal static unsafe class MicroKernels
{
    /// <summary>Expanded panels are large: shorter blocks of k stay in the cache.</summary>
    const int ExpandedBlock = 512;

    /// <summary>The table of a path, by <see cref="PanelFormat"/>.</summary>
    public static MicroKernel[] For(CpuPath path, CodeMemory? code) => path switch
    {
        CpuPath.Avx512Vnni => Table<Vector512<float>, Lanes512>(rows: 14, quantRows: 8, new VnniEmission(code!)),
        CpuPath.Avx512 => Table<Vector512<float>, Lanes512>(rows: 14, quantRows: 8),
        CpuPath.Avx2Emitted => Table<Vector256<float>, Lanes256>(rows: 0, quantRows: 4, new Avx2Emission(code!)),
        CpuPath.Avx2 => Table<Vector256<float>, Lanes256>(rows: 0, quantRows: 4),
        _ => Table<Vector128<float>, Lanes128>(rows: 0, quantRows: 4),
    };

    static MicroKernel[] Table<V, L>(int rows, int quantRows, Emission? emission = null)
        where V : struct where L : struct, ILanes<V>
    {
        var fine8 = Quant<V, L, Fine8>(quantRows, emission, ExpandedBlock);
        var coarse8 = Quant<V, L, Coarse8>(quantRows, emission, ExpandedBlock);
        var layouts = DType.Known.Where(d => d.Form is not null).Select(d => new CompactLayout(d));
        return
        [
            OfFloats<V, L, F32>(rows),
            OfFloats<V, L, F16>(rows),
            emission?.Pairs is { } pairs ? OfPairs(pairs) : OfFloats<V, L, BF16>(rows),
            Quant<V, L, Int8>(quantRows, emission),
            Quant<V, L, Int4>(quantRows, emission),
            Quant<V, L, Int4Min>(quantRows, emission),
            Quant<V, L, Fine5>(quantRows, emission, ExpandedBlock),
            fine8,
            Quant<V, L, Coarse5>(quantRows, emission, ExpandedBlock),
            coarse8,
            .. layouts.Select(layout => Compact(layout, layout.IsFine ? fine8 : coarse8, emission)),
        ];
    }

    /// <summary>Compact panels: emitted code multiplies them as they are; elsewhere they are expanded to wide ones first.</summary>
    static MicroKernel Compact(CompactLayout layout, MicroKernel wide, Emission? emission)
    {
        var emitted = emission?.Compact(layout);
        return new()
        {
            Rows = emitted?.Most ?? wide.Rows,
            Columns = QuantPanel.Columns,
            Step = layout.Step,
            StepBytes = layout.StepBytes,
            RowBytes = layout.Step / QuantPanel.Step * wide.RowBytes,
            Takes = wide.Takes,
            Block = emission?.Block ?? 0,
            Tiles = [],
            Emitted = emitted,
            Compact = layout,
            Widen = wide.Widen,
        };
    }

    static MicroKernel Quant<V, L, Q>(int rows, Emission? emission, int? block = null)
        where V : struct where L : struct, ILanes<V> where Q : struct, IQuantLayout
    {
        var emitted = emission?.Quant<Q>();
        return new()
        {
            Rows = emitted?.Most ?? rows,
            Columns = QuantPanel.Columns,
            Step = QuantPanel.Step,
            Takes = QuantPanel.IsFine<Q>() ? Packing.FineBytes : Packing.Bytes,
            StepBytes = QuantPanel.StepBytes<Q>(),
            RowBytes = 2 * QuantPanel.RowBlockBytes(QuantPanel.IsFine<Q>()),
            Block = block ?? emission?.Block ?? 4096,
            Widen = &QuantTile.Widen<V, L, Q>,
            Emitted = emitted,
            Tiles =
            [
                null,
                &QuantTile.Run<V, L, Q, Rows1>, &QuantTile.Run<V, L, Q, Rows2>, &QuantTile.Run<V, L, Q, Rows3>,
                &QuantTile.Run<V, L, Q, Rows4>, &QuantTile.Run<V, L, Q, Rows5>, &QuantTile.Run<V, L, Q, Rows6>,
                &QuantTile.Run<V, L, Q, Rows7>, &QuantTile.Run<V, L, Q, Rows8>, &QuantTile.Run<V, L, Q, Rows9>,
                &QuantTile.Run<V, L, Q, Rows10>, &QuantTile.Run<V, L, Q, Rows11>, &QuantTile.Run<V, L, Q, Rows12>,
            ],
        };
    }

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

    /// <summary>
    /// Tiles of up to that many rows where two vectors are as wide as a panel. For 0, <see cref="WideTile"/> with shorter blocks,
    /// which fit into smaller caches.
    /// </summary>
    static MicroKernel OfFloats<V, L, E>(int rows)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E>
    {
        if (rows > 0) return Float<V, L, E>(rows);
        var few = Wide<V, L, E, Streamed>(block: 256 / sizeof(E));
        return E.Format == PanelFormat.F32 ? Wide<V, L, E, Cached>(block: 256, few) : few;
    }

    static MicroKernel Float<V, L, E>(int rows)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> => new()
    {
        Rows = rows,
        FewRows = rows,
        Columns = FloatTile.Columns,
        StepBytes = FloatTile.Columns * sizeof(E),
        Widen = E.Format == PanelFormat.F32 ? null : &FloatTile.Widen<V, L, E>,
        Tiles =
        [
            null,
            &FloatTile.Run<V, L, E, Rows1>, &FloatTile.Run<V, L, E, Rows2>, &FloatTile.Run<V, L, E, Rows3>,
            &FloatTile.Run<V, L, E, Rows4>, &FloatTile.Run<V, L, E, Rows5>, &FloatTile.Run<V, L, E, Rows6>,
            &FloatTile.Run<V, L, E, Rows7>, &FloatTile.Run<V, L, E, Rows8>, &FloatTile.Run<V, L, E, Rows9>,
            &FloatTile.Run<V, L, E, Rows10>, &FloatTile.Run<V, L, E, Rows11>, &FloatTile.Run<V, L, E, Rows12>,
            &FloatTile.Run<V, L, E, Rows13>, &FloatTile.Run<V, L, E, Rows14>,
        ],
    };

    /// <summary>
    /// Tiles where a panel is wider than two vectors. Halves cost more to widen than bfloat16, so they are widened once from fewer rows on.
    /// </summary>
    static MicroKernel Wide<V, L, E, P>(int block, MicroKernel? few = null)
        where V : struct where L : struct, ILanes<V> where E : unmanaged, IElement<E> where P : struct, IPrefetch => new()
    {
        Rows = WideTile.MostRows,
        FewRows = E.Format == PanelFormat.BF16 ? 18 : 9,
        Few = few,
        Columns = FloatTile.Columns,
        StepBytes = FloatTile.Columns * sizeof(E),
        Block = block,
        Depth = 256,
        Widen = E.Format == PanelFormat.F32 ? null : &FloatTile.Widen<V, L, E>,
        Tiles = [null, &WideTile.Run<V, L, E, Rows1, P>, &WideTile.Run<V, L, E, Rows2, P>, &WideTile.Run<V, L, E, Rows3, P>],
    };
}
