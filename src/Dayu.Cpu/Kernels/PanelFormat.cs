namespace Dayu.Cpu;

/// <summary>How the numbers of a weight lie in its panels.</summary>
internal enum PanelFormat
{
    /// <summary>Panels of 32 outputs, [K][32].</summary>
    F32,
    F16,
    BF16,

    /// <summary>Panels of 16 outputs, eight bits and a scale per 32 values.</summary>
    Int8,
    Int4,

    /// <summary>Four bits, a scale and a minimum.</summary>
    Int4Min,

    /// <summary>
    /// Bytes with a scale and minimum for 16 or for 32 values: never stored, but what a block of a compact panel is expanded to
    /// before it is multiplied.
    /// </summary>
    Fine5,
    Fine8,
    Coarse5,
    Coarse8,

    /// <summary>The first of the compact panels (<see cref="CompactLayout"/>); there is one for each format with a form.</summary>
    Compact,
}

/// <summary>How x is packed for a kernel.</summary>
internal enum Packing
{
    Floats,

    /// <summary>Rounded to bfloat16, two neighbours in k at a time (<see cref="Pairs"/>).</summary>
    Pairs,

    /// <summary>Quantised (<see cref="QuantizeRows"/>) with a scale for 32 values.</summary>
    Bytes,

    /// <summary>Quantised with a scale for 16 values.</summary>
    FineBytes,
}
