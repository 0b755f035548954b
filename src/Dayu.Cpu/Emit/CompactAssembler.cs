using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// The VNNI tile of one <see cref="CompactLayout"/>: it multiplies the panel as it is, and every shift, mask and offset is a constant.
/// It computes the same numbers as expanding and multiplying in C#, and adds them in the same order, so the bits are the same.
/// </summary>
internal sealed class CompactAssembler
{
    /// <summary>The most rows whose sums and totals fit beside what the layout needs.</summary>
    public const int MostRows = 8;

    readonly CompactLayout layout;
    readonly TileAssembler tile = new();
    readonly Assembler code;
    readonly AssemblerRegisterZMM fields = zmm18, scale = zmm20, minimum = zmm21, own = zmm22, number = zmm23;
    readonly AssemblerRegisterZMM least = zmm29, heights = zmm30;

    CompactAssembler(CompactLayout layout)
    {
        (this.layout, code) = (layout, tile.Code);
        foreach (var (bits, _, _) in layout.Planes) Broadcast(Mask(bits), ((1u << bits) - 1) * 0x01010101);
        if (layout.ArePaired) Broadcast(Mask(4), 0x0f0f0f0f);
        Broadcast(least, BitConverter.SingleToUInt32Bits(layout.Least));
        if (layout.IsLinear) return;
        code.mov(rax, layout.Heights.AsUInt64()[0]);
        code.vmovq(xmm0, rax);
        code.mov(rax, layout.Heights.AsUInt64()[1]);
        code.vpinsrq(xmm0, xmm0, rax, 1);
        code.vshufi32x4(heights, zmm0, zmm0, 0);
    }

    int Blocks => layout.Step / QuantPanel.Block;

    /// <summary>
    /// The tile of that many rows, 1 … <see cref="MostRows"/>. x is packed as for wide panels; steps (≥ 1) are the layout's.
    /// </summary>
    public static byte[] Tile(CompactLayout layout, int rows) => new CompactAssembler(layout).Multiply(rows);

    byte[] Multiply(int rows)
    {
        var xBytes = rows * QuantPanel.RowBlockBytes(layout.IsFine);
        return tile.Assemble(rows, rows, 1, Blocks * xBytes, layout.StepBytes, 2 * rows, () =>
        {
            for (var block = 0; block < Blocks; block++)
                for (var group = 0; group < layout.Groups; group++) Group(rows, block, group, block * xBytes);
        });
    }

    /// <summary>Adds the products of the values that share a scale.</summary>
    void Group(int rows, int block, int group, int xBytes)
    {
        Factors(block, group);
        for (var r = 0; r < rows; r++) code.vpxord(Sum(r), Sum(r), Sum(r));
        for (var four = 4 * group; four < 4 * group + 8 / layout.Groups; four++)
        {
            var bytes = Bytes(block, four);
            for (var r = 0; r < rows; r++) code.vpdpbusd(Sum(r), bytes, X(four, r));
        }
        for (var r = 0; r < rows; r++)
        {
            AssemblerRegisterZMM total = TileAssembler.Zmm(rows + r), product = TileAssembler.Zmm(24 + r % 2);
            QuantAssembler.AddScaled(code, Sum(r), total, product, (scale, X(8 + group, r)), (minimum, X(10 + group, r)));
        }

        AssemblerMemoryOperand X(int line, int row) => __dword_bcst[tile.X + xBytes + (line * rows + row) * sizeof(int)];
    }

    static AssemblerRegisterZMM Sum(int row) => TileAssembler.Zmm(row);

    static AssemblerRegisterZMM Mask(int bits) => bits switch { 4 => zmm26, 2 => zmm27, _ => zmm28 };

    /// <summary>Loads four values of k for each output, from 0 up.</summary>
    AssemblerRegisterZMM Bytes(int block, int four)
    {
        var bytes = four % 2 == 0 ? zmm16 : zmm17;
        for (var p = 0; p < layout.Planes.Length; p++)
        {
            var (bits, place, at) = layout.Planes[p];
            var to = p == 0 ? bytes : fields;
            var from = __zmmword_ptr[tile.Panel + layout.HeadBytes + block * layout.PlaneBytes + at + four % bits * 64];
            if (four / bits == 0) code.vpandd(to, Mask(bits), from);
            else
            {
                code.vpsrlw(to, from, (byte)(four / bits * bits));
                code.vpandd(to, to, Mask(bits));
            }
            if (place > 0) code.vpsllw(to, to, (byte)place);
            if (p > 0) code.vpord(bytes, bytes, to);
        }
        if (!layout.IsLinear) code.vpshufb(bytes, heights, bytes);
        return bytes;
    }

    /// <summary>Loads scale and minimum of a group, unless they are those of the group before.</summary>
    void Factors(int block, int group)
    {
        var (factors, small) = layout.FactorsAt(block * QuantPanel.Block + 16 * group);
        if (group == 1 && layout.FactorsAt(block * QuantPanel.Block) == (factors, small)) return;
        Sixteen(scale, factors);
        if (layout.SharedScales) Times(scale, small, layout.ArePaired ? 0 : null);
        code.vmulps(minimum, scale, least);
        if (!layout.HasMinima) return;
        Sixteen(own, factors + layout.MinimaAt);
        if (layout.SharedMinima) Times(own, small + layout.SmallBytes, layout.ArePaired ? 4 : null);
        code.vaddps(minimum, minimum, own);
    }

    void Sixteen(AssemblerRegisterZMM to, int factors)
    {
        if (layout.HasHalves) code.vcvtph2ps(to, __ymmword_ptr[tile.Panel + factors]);
        else code.vmovups(to, __zmmword_ptr[tile.Panel + factors]);
    }

    /// <summary>Multiplies by small integers: signed bytes, or the four bits of a byte from <paramref name="place"/> on.</summary>
    void Times(AssemblerRegisterZMM to, int small, int? place)
    {
        if (place is null) code.vpmovsxbd(number, __xmmword_ptr[tile.Panel + small]);
        else code.vpmovzxbd(number, __xmmword_ptr[tile.Panel + small]);
        if (place == 0) code.vpandd(number, number, Mask(4));
        else if (place is { } up) code.vpsrld(number, number, (byte)up);
        code.vcvtdq2ps(number, number);
        code.vmulps(to, to, number);
    }

    void Broadcast(AssemblerRegisterZMM to, uint value)
    {
        code.mov(eax, value);
        code.vpbroadcastd(to, eax);
    }
}
