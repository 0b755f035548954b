using Dayu.Tensors;

namespace Dayu.Cpu;

/// <summary>
/// The matrix [G·H, H] of a recurrent layer, each gate packed by itself: a panel holds 32 units of one gate, so that
/// whoever has multiplied by the panels of all gates can compute these units.
/// </summary>
internal sealed unsafe class PackedGates : IDisposable
{
    readonly PackedWeight[] gates;
    readonly byte* first;
    readonly nint gateBytes;

    /// <summary>Packs a matrix of float32 numbers.</summary>
    /// <param name="machine">Path and threads.</param>
    /// <param name="rows">[G·H, H], without gaps.</param>
    /// <param name="count">G.</param>
    /// <param name="hidden">H.</param>
    /// <param name="bf16">Rounds to bfloat16 where the path multiplies that.</param>
    public PackedGates(Machine machine, float* rows, int count, int hidden, bool bf16)
    {
        gates = new PackedWeight[count];
        for (var g = 0; g < count; g++)
            gates[g] = PackedWeight.Of(machine, DType.F32, (byte*)(rows + (nint)g * hidden * hidden), hidden, hidden, bf16);
        PackedWeight.Pack(machine, gates);
        Format = gates[0].Format;
        first = gates[0].Into(null, 0).Panels;
        gateBytes = count > 1 ? (nint)(gates[1].Into(null, 0).Panels - first) : 0;
    }

    /// <summary>How the numbers lie in the panels.</summary>
    public PanelFormat Format { get; }

    /// <summary>The panels.</summary>
    public GatePanels Panels => new(first, gateBytes);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var gate in gates) gate.Dispose();
    }
}

/// <summary>Panels of all gates, gate after gate.</summary>
/// <param name="first">The first panel of the first gate.</param>
/// <param name="gateBytes">From one gate to the next.</param>
internal readonly unsafe struct GatePanels(byte* first, nint gateBytes)
{
    /// <summary>The panels of a gate.</summary>
    public byte* this[int gate] => first + gate * gateBytes;
}
