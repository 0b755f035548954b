using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// <see cref="QuantTile"/> in VNNI: vpdpbusd multiplies bytes of the panel (unsigned) by bytes of x (signed), broadcast from memory,
/// and adds four products to a lane. Integer sums are exact, and are added to the totals by the same operations in the same order, so
/// the bits are those of the C# tile.
/// </summary>
internal static class QuantAssembler
{
    /// <summary>The most rows whose sums fit: two registers each, and eight for the rest.</summary>
    public const int MostRows = 12;

    /// <summary>The tile of that many rows, 1 … <see cref="MostRows"/>. steps ≥ 1.</summary>
    public static byte[] Assemble<Q>(int rows) where Q : struct, IQuantLayout
    {
        var tile = new TileAssembler();
        var digit = TileAssembler.Zmm(31);
        if (QuantPanel.Pairs<Q>())
        {
            tile.Code.mov(eax, 0x0f0f0f0f);
            tile.Code.vpbroadcastd(digit, eax);
        }
        var xBytes = 2 * rows * QuantPanel.RowBlockBytes(QuantPanel.IsFine<Q>());
        var perLine = QuantPanel.Pairs<Q>() ? 2 * rows : rows;
        return tile.Assemble(rows, rows, 1, xBytes, QuantPanel.StepBytes<Q>(), perLine, () =>
        {
            for (var half = 0; half < 2; half++)
                for (var fine = 0; fine < (QuantPanel.IsFine<Q>() ? 2 : 1); fine++)
                    Group<Q>(tile, rows, half, fine, digit);
        });
    }

    /// <summary>Adds the products of the values that share a scale: zmm0 … are integer sums, zmm[rows] … the totals.</summary>
    static void Group<Q>(TileAssembler tile, int rows, int half, int fine, AssemblerRegisterZMM digit)
        where Q : struct, IQuantLayout
    {
        var code = tile.Code;
        AssemblerRegisterZMM scale = TileAssembler.Zmm(24), minimum = TileAssembler.Zmm(25);
        var (pairs, groups) = (QuantPanel.Pairs<Q>(), QuantPanel.IsFine<Q>() || QuantPanel.Pairs<Q>() ? 4 : 8);
        var x = half * rows * QuantPanel.RowBlockBytes(QuantPanel.IsFine<Q>());
        var body = QuantPanel.HeadBytes<Q>() + half * QuantPanel.BodyBytes<Q>();
        AssemblerMemoryOperand X(int line, int row) => __dword_bcst[tile.X + x + (line * rows + row) * sizeof(int)];

        for (var r = 0; r < rows; r++)
        {
            var sum = TileAssembler.Zmm(r);
            if (Q.HasMinimum) code.vpxord(sum, sum, sum);
            else code.vpbroadcastd(sum, __dword_ptr[tile.X + x + (9 * rows + r) * sizeof(int)]);        // -8 times the sum of x
            if (Q.Wide && !Q.HasMinimum) code.vpslld(sum, sum, 4);
        }
        for (var group = fine * groups; group < (fine + 1) * groups; group++)
        {
            AssemblerRegisterZMM bytes = TileAssembler.Zmm(26 + group % 2), high = TileAssembler.Zmm(28 + group % 2);
            code.vmovups(bytes, __zmmword_ptr[tile.Panel + body + 64 * group]);
            if (pairs)
            {
                code.vpsrlw(high, bytes, 4);
                code.vpandd(bytes, bytes, digit);
                code.vpandd(high, high, digit);
            }
            for (var r = 0; r < rows; r++) code.vpdpbusd(TileAssembler.Zmm(r), bytes, X(group, r));
            if (pairs)
                for (var r = 0; r < rows; r++) code.vpdpbusd(TileAssembler.Zmm(r), high, X(group + 4, r));
        }
        if (QuantPanel.HasFloats<Q>())
        {
            var factors = QuantPanel.FloatsAt(QuantPanel.IsFine<Q>() ? 2 * half + fine : half);
            code.vmovups(scale, __zmmword_ptr[tile.Panel + factors]);
            code.vmovups(minimum, __zmmword_ptr[tile.Panel + factors + 64]);
        }
        else
        {
            code.vcvtph2ps(scale, __ymmword_ptr[tile.Panel + QuantPanel.ScaleAt(half)]);
            if (Q.HasMinimum) code.vcvtph2ps(minimum, __ymmword_ptr[tile.Panel + QuantPanel.MinimumAt(half)]);
        }
        for (var r = 0; r < rows; r++)
        {
            AssemblerRegisterZMM sum = TileAssembler.Zmm(r), total = TileAssembler.Zmm(rows + r), product = TileAssembler.Zmm(26 + r % 4);
            AddScaled(code, sum, total, product, (scale, X(8 + fine, r)), Q.HasMinimum ? (minimum, X(10 + fine, r)) : null);
        }
    }

    /// <summary>total += sum · (scale · scale of x), then + minimum · sum of x if there is a minimum.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="sum">Integer sums; overwritten.</param>
    /// <param name="total">Float totals.</param>
    /// <param name="product">A temporary register.</param>
    /// <param name="scale">The panel's scales, and that of x.</param>
    /// <param name="minimum">The panel's minima, and the sum of x.</param>
    public static void AddScaled(
        Assembler code, AssemblerRegisterZMM sum, AssemblerRegisterZMM total, AssemblerRegisterZMM product,
        (AssemblerRegisterZMM Panel, AssemblerMemoryOperand X) scale, (AssemblerRegisterZMM Panel, AssemblerMemoryOperand X)? minimum)
    {
        code.vcvtdq2ps(sum, sum);
        code.vmulps(product, scale.Panel, scale.X);
        code.vfmadd231ps(total, sum, product);
        if (minimum is { } m) code.vfmadd231ps(total, m.Panel, m.X);
    }
}
