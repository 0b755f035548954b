using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>The AVX2 tile of panels with 16-bit scales: <see cref="Int8"/>, <see cref="Int4"/>, <see cref="Int4Min"/>.</summary>
internal sealed class Avx2QuantAssembler<Q> : Avx2Assembler where Q : struct, IQuantLayout
{
    protected override int Blocks => QuantPanel.Step / QuantPanel.Block;
    protected override int Groups => 1;
    protected override int StepBytes => QuantPanel.StepBytes<Q>();
    protected override int BlockBytes => QuantPanel.BodyBytes<Q>();
    protected override int FactorBytes => QuantPanel.ScaleAt(1);
    protected override int Most => Q.Wide ? byte.MaxValue : 15;
    protected override bool HasMinimum => Q.HasMinimum;

    protected override void Bytes(AssemblerRegisterYMM to, int four, int half)
    {
        var from = __ymmword_ptr[Tile.Panel + QuantPanel.HeadBytes<Q>() + (Q.Wide ? four : four % 4) * 64 + half * 32];
        Code.vmovdqu(to, from);
        if (HaveSigns) Code.vpxor(to, to, Tile.Constant(0x80808080));
        if (Q.Wide) return;
        if (four >= 4) Code.vpsrlw(to, to, 4);
        Code.vpand(to, to, Tile.Constant(0x0f0f0f0f));
    }

    protected override void Scales(AssemblerRegisterYMM to, int group, int half) =>
        Code.vcvtph2ps(to, __xmmword_ptr[FactorsFrom + QuantPanel.ScaleAt(0) + 16 * half]);

    protected override void Minima(AssemblerRegisterYMM to, int group, int half) =>
        Code.vcvtph2ps(to, __xmmword_ptr[FactorsFrom + QuantPanel.MinimumAt(0) + 16 * half]);
}
