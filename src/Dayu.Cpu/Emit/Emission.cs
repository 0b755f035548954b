namespace Dayu.Cpu;

/// <summary>The tiles of a path that are emitted code.</summary>
internal abstract class Emission
{
    /// <summary>Tiles for bfloat16; null if it is widened to float32.</summary>
    public virtual EmittedTiles? Pairs => null;

    /// <summary>Values of k that a quantised tile multiplies before the next tile.</summary>
    public abstract int Block { get; }

    /// <summary>Tiles for a layout; null if those in C# run.</summary>
    public abstract EmittedTiles? Quant<Q>() where Q : struct, IQuantLayout;

    /// <summary>Tiles that multiply compact panels as they are.</summary>
    public abstract EmittedTiles Compact(CompactLayout layout);
}

/// <summary>AVX-512 VNNI, and BF16 where the processor has it.</summary>
internal sealed class VnniEmission(CodeMemory memory) : Emission
{
    public override EmittedTiles? Pairs { get; } =
        CpuFeatures.Avx512BFloat16 ? new(memory, PairAssembler.MostRows, PairAssembler.Assemble) : null;
    public override int Block => 4096;

    public override EmittedTiles Quant<Q>() => new(memory, QuantAssembler.MostRows, QuantAssembler.Assemble<Q>);

    public override EmittedTiles Compact(CompactLayout layout) =>
        new(memory, CompactAssembler.MostRows, rows => CompactAssembler.Tile(layout, rows));
}

/// <summary>AVX2. Compact panels are multiplied as they are, so the tiles for expanded ones stay in C#.</summary>
internal sealed class Avx2Emission(CodeMemory memory) : Emission
{
    public override int Block => 1024;

    public override EmittedTiles? Quant<Q>() => QuantPanel.HasFloats<Q>() ? null : Tiles(() => new Avx2QuantAssembler<Q>());

    public override EmittedTiles Compact(CompactLayout layout) => Tiles(() => new Avx2CompactAssembler(layout));

    EmittedTiles Tiles(Func<Avx2Assembler> assembler) => new(memory, assembler().MostRows, rows => assembler().Assemble(rows));
}
