using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// <see cref="CompactLayout.Expand"/> as straight code for one layout: every shift, mask and offset is a constant in it. Called as a tile is: (steps of the layout, fine panel to write, panel, …).
/// </summary>
internal static class CompactAssembler
{
    /// <summary>Writes what the C# loop writes, bit for bit; whole steps only.</summary>
    public static byte[] Assemble(CompactLayout layout)
    {
        var tile = new TileAssembler();
        var code = tile.Code;
        AssemblerRegisterZMM bytes = zmm0, fields = zmm1, least = zmm14, heights = zmm15;
        foreach (var (bits, _, _) in layout.Planes) Broadcast(code, Mask(bits), ((1u << bits) - 1) * 0x01010101);
        Broadcast(code, least, BitConverter.SingleToUInt32Bits(layout.Least));
        if (!layout.IsLinear)
        {
            code.mov(rax, layout.Heights.AsUInt64()[0]);
            code.vmovq(xmm15, rax);
            code.mov(rax, layout.Heights.AsUInt64()[1]);
            code.vpinsrq(xmm15, xmm15, rax, 1);
            code.vshufi32x4(heights, heights, heights, 0);
        }
        var fine = QuantPanel.StepBytes<Fine8>();
        return tile.Assemble(0, 0, 0, layout.Step / QuantPanel.Step * fine, layout.StepBytes, 0, () =>
        {
            for (var block = 0; block < layout.Step / QuantPanel.Block; block++)
            {
                int half = block % 2, to = block / 2 * fine, body = to + QuantPanel.HeadBytes<Fine8>() + half * QuantPanel.BodyBytes<Fine8>();
                for (var part = 0; part < 2; part++)
                    Factors(tile, layout, block * QuantPanel.Block + 16 * part, to + QuantPanel.FineAt(half, part), least);
                for (var four = 0; four < 8; four++)
                {
                    for (var p = 0; p < layout.Planes.Length; p++)
                    {
                        var (bits, place, at) = layout.Planes[p];
                        var own = p == 0 ? bytes : fields;
                        var from = __zmmword_ptr[tile.Panel + layout.HeadBytes + block * layout.PlaneBytes + at + four % bits * 64];
                        if (four / bits == 0) code.vpandd(own, Mask(bits), from);
                        else
                        {
                            code.vpsrlw(own, from, (byte)(four / bits * bits));
                            code.vpandd(own, own, Mask(bits));
                        }
                        if (place > 0) code.vpsllw(own, own, (byte)place);
                        if (p > 0) code.vpord(bytes, bytes, own);
                    }
                    if (!layout.IsLinear) code.vpshufb(bytes, heights, bytes);
                    code.vmovups(__zmmword_ptr[tile.X + body + 64 * four], bytes);
                }
            }
        });
    }

    /// <summary>Scale and minimum of 16 values.</summary>
    static void Factors(TileAssembler tile, CompactLayout layout, int inStep, int to, AssemblerRegisterZMM least)
    {
        var code = tile.Code;
        var (factors, small) = layout.FactorsAt(inStep);
        AssemblerRegisterZMM scale = zmm2, minimum = zmm3, own = zmm4, number = zmm5;
        code.vmovups(scale, __zmmword_ptr[tile.Panel + factors]);
        if (layout.SharedScales)
        {
            code.vpmovsxbd(number, __xmmword_ptr[tile.Panel + small]);
            code.vcvtdq2ps(number, number);
            code.vmulps(scale, scale, number);
        }
        code.vmulps(minimum, scale, least);
        if (layout.HasMinima)
        {
            code.vmovups(own, __zmmword_ptr[tile.Panel + factors + 64]);
            if (layout.SharedMinima)
            {
                code.vpmovsxbd(number, __xmmword_ptr[tile.Panel + small + layout.SmallBytes]);
                code.vcvtdq2ps(number, number);
                code.vmulps(own, own, number);
            }
            code.vaddps(minimum, minimum, own);
        }
        code.vmovups(__zmmword_ptr[tile.X + to], scale);
        code.vmovups(__zmmword_ptr[tile.X + to + 64], minimum);
    }

    static AssemblerRegisterZMM Mask(int bits) => TileAssembler.Zmm(5 + bits);

    static void Broadcast(Assembler code, AssemblerRegisterZMM to, uint value)
    {
        code.mov(eax, value);
        code.vpbroadcastd(to, eax);
    }
}
