using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>
/// The kernels for one panel format on one path, and the sizes the driver needs. A table of these (<see cref="MicroKernels"/>) is all
/// the driver knows: machine code emitted at run time is one more kind of tile.
/// </summary>
internal sealed unsafe class MicroKernel
{
    /// <summary>The most rows of x in a tile.</summary>
    public required int Rows { get; init; }

    /// <summary>Outputs in a panel.</summary>
    public required int Columns { get; init; }

    /// <summary>Values of k in a step, the unit that depth is counted in; a panel is whole steps.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Bytes of a panel per step.</summary>
    public required int StepBytes { get; init; }

    /// <summary>How x is packed. If that rounds, an exact product widens the panel to float32 instead.</summary>
    public Packing Takes { get; init; }

    /// <summary>Whether x is quantised.</summary>
    public bool Quantizes => Takes is Packing.Bytes or Packing.FineBytes;

    /// <summary>Whether x is quantised with a scale for 16 values; else for 32.</summary>
    public bool IsFine => Takes == Packing.FineBytes;

    /// <summary>Bytes of packed x per row and step.</summary>
    public int RowBytes { get; init; } = sizeof(float);

    /// <summary>Values of k a tile multiplies before the next tile: how much of a panel stays in the cache.</summary>
    public int Block { get; init; } = 768;

    /// <summary>Values of k for which rows of float x are packed and multiplied at a time: how much of x stays in a core's cache.</summary>
    public int Depth { get; init; } = 1536;

    /// <summary>
    /// The most rows for which each tile widens the panel itself, or <see cref="Few"/> multiplies. For more, the panel is widened once.
    /// </summary>
    public int FewRows { get; init; }

    /// <summary>Another kernel for a few rows by the same panels, where there is one.</summary>
    public MicroKernel? Few { get; init; }

    /// <summary>Tiles by number of rows: (steps, x, panel, y, stride of y, whether the sums start from y).</summary>
    public required delegate*<nint, byte*, byte*, float*, nint, bool, void>[] Tiles { get; init; }

    /// <summary>The same tiles in emitted code; null where those in C# run.</summary>
    public EmittedTiles? Emitted { get; init; }

    /// <summary>
    /// Writes 32 outputs as [k][32] floats: (their panels, bytes of a panel, first k, count of k, to). Of compact panels it takes
    /// what they expand to. Null for float32.
    /// </summary>
    public delegate*<byte*, nint, nint, nint, float*, void> Widen { get; init; }

    /// <summary>How compact panels are laid out.</summary>
    public CompactLayout? Compact { get; init; }

    /// <summary>The panels these are expanded to before they are multiplied; null if they are multiplied as they are.</summary>
    public PanelFormat? ExpandsTo => Emitted is null ? Compact?.Kernel : null;

    /// <summary>Steps that hold this many values of k.</summary>
    public nint Steps(int depth) => (depth + Step - 1) / Step;

    /// <summary>Bytes of a block of panels expanded for this kernel.</summary>
    public int BlockBytes => (Block + Step - 1) / Step * StepBytes;

    /// <summary>Expands part of panels, from a whole number of steps on, to what another kernel multiplies.</summary>
    public void Expand(byte* panels, nint panelBytes, nint from, int depth, MicroKernel to, byte* buffer)
    {
        if (Compact is null) Widen(panels, panelBytes, from, depth, (float*)buffer);
        else if (to.Quantizes) Compact.Expand(panels, from, depth, buffer);
        else
        {
            var bytes = Compact.WideBytes;
            var expanded = stackalloc byte[2 * bytes];                // 64 values of two panels
            for (var k = 0; k < depth; k += QuantPanel.Step)
            {
                var count = Math.Min(QuantPanel.Step, depth - k);
                Compact.Expand(panels, from + k, count, expanded);
                Compact.Expand(panels + panelBytes, from + k, count, expanded + bytes);
                Widen(expanded, bytes, 0, count, (float*)buffer + k * FloatTile.Columns);
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
}
