using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// The bfloat16 tile: y[R, 32] = x[R, K] · panel[K, 32], both operands in pairs along k. vdpbf16ps adds two products to a float32
/// lane. Each output is one chain of sums along k, so its bits do not depend on the number of rows.
/// </summary>
internal static class PairAssembler
{
    /// <summary>The most rows whose sums fit: two registers each, and four for the rest.</summary>
    public const int MostRows = 14;

    /// <summary>The tile of that many rows, 1 … <see cref="MostRows"/>. steps ≥ 1.</summary>
    public static byte[] Assemble(int rows)
    {
        var tile = new TileAssembler();
        var code = tile.Code;
        int xBytes = rows * sizeof(uint), panelBytes = FloatTile.Columns * sizeof(uint);
        AssemblerRegisterZMM left = TileAssembler.Zmm(28), right = TileAssembler.Zmm(29);
        return tile.Assemble(0, rows, 2, xBytes, panelBytes, rows, () =>
        {
            code.vmovups(left, __zmmword_ptr[tile.Panel]);
            code.vmovups(right, __zmmword_ptr[tile.Panel + 64]);
            for (var r = 0; r < rows; r++)
            {
                var x = TileAssembler.Zmm(30 + r % 2);
                code.vpbroadcastd(x, __dword_ptr[tile.X + r * sizeof(uint)]);
                code.vdpbf16ps(TileAssembler.Zmm(2 * r), left, x);
                code.vdpbf16ps(TileAssembler.Zmm(2 * r + 1), right, x);
            }
        });
    }
}
