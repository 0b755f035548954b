using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// The AVX2 tile of one <see cref="CompactLayout"/>: it multiplies the panel as it is, and every shift, mask and offset is a constant,
/// as in <see cref="CompactAssembler"/>.
/// </summary>
internal sealed class Avx2CompactAssembler(CompactLayout layout) : Avx2Assembler
{
    const int Half = QuantPanel.Columns / 2;

    protected override int Blocks => layout.Step / QuantPanel.Block;
    protected override int Groups => layout.Groups;
    protected override int StepBytes => layout.StepBytes;
    protected override int BlockBytes => layout.PlaneBytes;
    protected override int FactorBytes => layout.SharedScales
        ? layout.FactorsAt(QuantPanel.Block).Small - layout.FactorsAt(0).Small
        : layout.FactorsAt(QuantPanel.Block).Factors;
    protected override int Most => layout.Most;
    protected override bool HasMinimum => true;

    protected override void Bytes(AssemblerRegisterYMM to, int four, int half)
    {
        for (var p = 0; p < layout.Planes.Length; p++)
        {
            var (bits, place, at) = layout.Planes[p];
            var fields = p == 0 ? to : Temp;
            Code.vmovdqu(fields, __ymmword_ptr[Tile.Panel + layout.HeadBytes + at + four % bits * 64 + 32 * half]);
            if (four / bits > 0) Code.vpsrlw(fields, fields, (byte)(four / bits * bits));
            Code.vpand(fields, fields, Mask(bits));
            if (place > 0) Code.vpsllw(fields, fields, (byte)place);
            if (p > 0) Code.vpor(to, to, fields);
        }
        if (layout.IsLinear)
        {
            if (HaveSigns) Code.vpxor(to, to, Tile.Constant(0x80808080));
            return;
        }
        var heights = layout.Heights ^ Vector128.Create((byte)(HaveSigns ? 128 : 0));
        Code.vmovdqu(Temp, Tile.Constant(Vector256.Create(heights, heights)));
        Code.vpshufb(to, Temp, to);
    }

    protected override void Scales(AssemblerRegisterYMM to, int group, int half)
    {
        var (factors, small) = layout.FactorsAt(16 * group);
        if (layout.SharedScales)
            Times(to, Shared(minimum: false, half), small + half * Half, layout.ArePaired ? 0 : null);
        else Eight(to, FactorsFrom, factors, half);
    }

    /// <summary>Formats with minima have levels from 0 up; without, the least level times the scale is the minimum.</summary>
    protected override void Minima(AssemblerRegisterYMM to, int group, int half)
    {
        var (factors, small) = layout.FactorsAt(16 * group);
        if (!layout.HasMinima)
            Code.vmulps(to, to, Tile.Constant(BitConverter.SingleToUInt32Bits(layout.Least)));
        else if (layout.SharedMinima)
            Times(to, Shared(minimum: true, half), small + layout.SmallBytes + half * Half, layout.ArePaired ? 4 : null);
        else Eight(to, FactorsFrom, factors + layout.MinimaAt, half);
    }

    /// <summary>Where groups have small integers as scales, a step is one block of the format.</summary>
    protected override void Share(int half)
    {
        var factors = layout.FactorsAt(0).Factors;
        if (layout.SharedScales) Keep(factors, minimum: false);
        if (layout.SharedMinima) Keep(factors + layout.MinimaAt, minimum: true);

        void Keep(int factors, bool minimum)
        {
            Eight(Temp, Tile.Panel, factors, half);
            Code.vmovups(Shared(minimum, half), Temp);
        }
    }

    void Eight(AssemblerRegisterYMM to, AssemblerRegister64 from, int factors, int half)
    {
        if (layout.HasHalves) Code.vcvtph2ps(to, __xmmword_ptr[from + factors + half * Half * sizeof(ushort)]);
        else Code.vmovups(to, __ymmword_ptr[from + factors + half * Half * sizeof(float)]);
    }

    /// <summary>A factor times small integers: signed bytes, or the four bits of a byte from <paramref name="place"/> on.</summary>
    void Times(AssemblerRegisterYMM to, AssemblerMemoryOperand factor, int small, int? place)
    {
        if (place is null) Code.vpmovsxbd(to, __qword_ptr[FactorsFrom + small]);
        else Code.vpmovzxbd(to, __qword_ptr[FactorsFrom + small]);
        if (place == 0) Code.vpand(to, to, Mask(4));
        else if (place is { } up) Code.vpsrld(to, to, (byte)up);
        Code.vcvtdq2ps(to, to);
        Code.vmulps(to, to, factor);
    }

    AssemblerMemoryOperand Mask(int bits) => Tile.Constant(((1u << bits) - 1) * 0x01010101);
}
