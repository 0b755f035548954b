using System.Runtime.CompilerServices;

namespace Dayu.Cpu;

/// <summary>A weight [N, K] repacked once into panels, in the order the kernels read it. Two-byte floats stay two bytes.</summary>
internal sealed unsafe partial class PackedWeight : IDisposable
{
    /// <summary>Makes the job that fills the panels at an address.</summary>
    delegate IJob Fill(byte* panels);

    /// <summary>What to pack instead if the kernels cannot widen some panels; packing counts these.</summary>
    sealed record Fallback(StrongBox<int> Unfit, Func<PackedWeight> Weight);

    readonly Fill fill;
    readonly Fallback? fallback;
    PanelMemory? memory;
    byte* panels;

    PackedWeight(Machine machine, PanelFormat format, int outputs, int depth, Fill fill, Fallback? fallback = null)
    {
        (Format, Outputs, Depth, this.fill, this.fallback) = (format, outputs, depth, fill, fallback);
        var kernel = machine[format];
        var padded = (outputs + FloatTile.Columns - 1) / FloatTile.Columns * FloatTile.Columns;
        Panels = (outputs + kernel.Columns - 1) / kernel.Columns;
        Bytes = padded / kernel.Columns * kernel.Steps(depth) * kernel.StepBytes;
    }

    /// <summary>How the numbers lie in the panels.</summary>
    public PanelFormat Format { get; }

    public int Outputs { get; }

    /// <summary>K.</summary>
    public int Depth { get; }

    /// <summary>Size in memory.</summary>
    public nint Bytes { get; }

    /// <summary>Panels that have outputs.</summary>
    public int Panels { get; }

    /// <summary>Whether the panels hold the numbers of the rows rounded.</summary>
    public bool IsRounded { get; private init; }

    /// <summary>Packs weights together, in one allocation and one parallel-for.</summary>
    /// <param name="machine">Path and threads.</param>
    /// <param name="weights">The weights to pack; one that falls back to float32 is replaced here.</param>
    /// <param name="names">The weights' names, for error messages.</param>
    /// <param name="done">Called with the index of each packed weight, on any thread.</param>
    /// <exception cref="InvalidDataException">A scale is not finite.</exception>
    public static void Pack(Machine machine, PackedWeight[] weights, string[]? names = null, Action<int>? done = null)
    {
        nint bytes = 0;
        foreach (var w in weights) bytes += PanelMemory.Room(w.Bytes);
        using var memory = new PanelMemory(bytes);
        try
        {
            foreach (var w in weights) w.Take(memory);
            var all = new PackAll(weights, names, done);
            machine.Workers.Run(all, all.Chunks);
            for (var n = 0; n < weights.Length; n++)
                if (weights[n].fallback is { Unfit.Value: > 0 } fallback)
                {
                    var other = Packed(machine, fallback.Weight());
                    weights[n].Dispose();
                    weights[n] = other;
                }
        }
        catch
        {
            foreach (var w in weights) w.Dispose();
            throw;
        }
    }

    /// <summary>Packs one weight by itself.</summary>
    static PackedWeight Packed(Machine machine, PackedWeight weight)
    {
        PackedWeight[] weights = [weight];
        Pack(machine, weights);
        return weights[0];
    }

    void Take(PanelMemory from)
    {
        panels = from.Take(Bytes);
        memory = from;
    }

    /// <summary>The job that fills the panels; a chunk is a panel.</summary>
    public IJob Job() => fill(panels);

    /// <summary>Writes a row as float32, with the numbers it was packed from (nearly those, if <see cref="IsRounded"/>).</summary>
    public void Unpack(Machine machine, int row, float* to) => PanelRow.Read(machine, Format, Alive(), row, Depth, to);

    /// <summary>This weight as an operand of <see cref="Gemm.Multiply"/>.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public Product Into(float* y, nint stride, bool accumulate = false) =>
        new(Alive(), Format, Outputs, y, stride, accumulate);

    byte* Alive() => panels != null ? panels : throw new ObjectDisposedException(nameof(PackedWeight),
        "this weight was given back: its model is disposed of, or its numbers were written to in the middle of a pass");

    /// <summary>Gives the memory back; calling it again does nothing.</summary>
    public void Dispose()
    {
        panels = null;
        Interlocked.Exchange(ref memory, null)?.Dispose();
    }
}
