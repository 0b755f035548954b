namespace Dayu.Cpu;

/// <summary>Which tiles of a path are emitted code.</summary>
internal abstract class Emission
{
    /// <summary>Of products of bfloat16; null: weights are widened to float32.</summary>
    public virtual EmittedTiles? Pairs => null;
    /// <summary>Values of k that a quantised tile runs over before the next one.</summary>
    public abstract int Block { get; }

    /// <summary>Of a layout whose blocks have scales; null: the tile in C# runs.</summary>
    public abstract EmittedTiles? Quant<Q>() where Q : struct, IQuantLayout;

    /// <summary>Of panels that are multiplied as they lie.</summary>
    public abstract EmittedTiles Compact(CompactLayout layout);
}

/// <summary>AVX-512 VNNI, and BF16 where the processor has it.</summary>
internal sealed class VnniEmission(CodeMemory memory) : Emission
{
    public override EmittedTiles? Pairs { get; } = CpuFeatures.Avx512BFloat16 ? new(memory, PairAssembler.MostRows, PairAssembler.Assemble) : null;
    public override int Block => 4096;

    public override EmittedTiles Quant<Q>() => new(memory, QuantAssembler.MostRows, QuantAssembler.Assemble<Q>);

    public override EmittedTiles Compact(CompactLayout layout) => new(memory, CompactAssembler.MostRows, rows => CompactAssembler.Tile(layout, rows));
}

/// <summary>AVX2. Expanded panels are not needed where compact ones are multiplied as they lie, so their tiles stay in C#.</summary>
internal sealed class Avx2Emission(CodeMemory memory) : Emission
{
    public override int Block => 1024;

    public override EmittedTiles? Quant<Q>() => QuantPanel.HasFloats<Q>() ? null : new(memory, new Avx2QuantAssembler<Q>().MostRows, rows => new Avx2QuantAssembler<Q>().Assemble(rows));

    public override EmittedTiles Compact(CompactLayout layout) => new(memory, new Avx2CompactAssembler(layout).MostRows, rows => new Avx2CompactAssembler(layout).Assemble(rows));
}
