using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Dayu.Tensors;

/// <summary>
/// 256 numbers in groups of 32: eight at a time are a point of a grid with signs. x ≈ d/8·(2s + 1)·(±8, ±25 or ±43). 66
/// bytes (ggml's <c>block_iq2_xxs</c>). A group is four bytes that choose points, then 32 bits: seven signs for each
/// point (the eighth makes the number of minuses even) and, on top, s.
/// </summary>
/// <remarks>
/// Read only: which points are near depends on what each weight matters, which is measured on texts ("importance
/// matrix") and is in no model file.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public struct IQ2_XXS : IQuantFormat<IQ2_XXS>
{
    Half d;
    Bytes64 q;

    /// <inheritdoc/>
    public static string Name => "iq2_xxs";

    /// <inheritdoc/>
    public static int GgufId => 16;

    /// <inheritdoc/>
    public static int Values => 256;

    /// <inheritdoc/>
    public static bool CanEncode => false;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, -43, -25, -8, 8, 25, 43) { Scales = (1, 31), HasHalves = false };

    /// <inheritdoc/>
    public static void TakeApart(in IQ2_XXS block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum) = ((float)block.d / 8, 0);
        parts.Minima.Clear();
        ReadOnlySpan<byte> q = block.q;
        for (var g = 0; g < 8; g++)
        {
            var signs = BinaryPrimitives.ReadUInt32LittleEndian(q[(8 * g + 4)..]);
            parts.Scales[g] = (sbyte)(2 * (signs >> 28) + 1);
            for (var p = 0; p < 4; p++)
            {
                var (point, minus) = (Grid[q[8 * g + p]], signs >> 7 * p & 127);
                minus |= (uint)(BitOperations.PopCount(minus) & 1) << 7;
                for (var i = 0; i < 8; i++)
                    parts.Integers[32 * g + 8 * p + i] = (sbyte)(((minus >> i & 1) == 0 ? 1 : -1) * Magnitudes[point >> 2 * i & 3]);
            }
        }
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out IQ2_XXS block) =>
        throw new NotSupportedException("iq2_xxs is read but not written");

    static ReadOnlySpan<byte> Magnitudes => [8, 25, 43];

    /// <summary>
    /// The points, two bits a magnitude. They define the format (ggml-quants.c, <c>kgrid_2bit_256</c>).
    /// </summary>
    static ReadOnlySpan<ushort> Grid =>
    [
        0, 2, 5, 8, 10, 17, 20, 32, 34, 40, 42, 65, 68, 80, 88, 97, 100, 128, 130, 138, 162, 257, 260, 272, 277, 320,
        388, 408, 512, 514, 546, 642, 1025, 1028, 1040, 1057, 1060, 1088, 1090, 1096, 1120, 1153, 1156, 1168, 1188,
        1280, 1282, 1288, 1312, 1350, 1385, 1408, 1425, 1545, 1552, 1600, 1668, 1700, 2048, 2053, 2056, 2068, 2088,
        2113, 2116, 2128, 2130, 2184, 2308, 2368, 2562, 2580, 4097, 4100, 4112, 4129, 4160, 4192, 4228, 4240, 4245,
        4352, 4360, 4384, 4432, 4442, 4480, 4644, 4677, 5120, 5128, 5152, 5157, 5193, 5248, 5400, 5474, 5632, 5654,
        6145, 6148, 6160, 6208, 6273, 6400, 6405, 6560, 6737, 8192, 8194, 8202, 8260, 8289, 8320, 8322, 8489, 8520,
        8704, 8706, 9217, 9220, 9232, 9280, 9302, 9472, 9537, 9572, 9872, 10248, 10272, 10388, 10820, 16385, 16388,
        16400, 16408, 16417, 16420, 16448, 16456, 16470, 16480, 16513, 16516, 16528, 16640, 16672, 16737, 16768, 16773,
        16897, 16912, 16968, 16982, 17000, 17408, 17416, 17440, 17536, 17561, 17682, 17700, 17920, 18433, 18436, 18448,
        18496, 18501, 18688, 18776, 18785, 18818, 19013, 19088, 20480, 20488, 20497, 20505, 20512, 20608, 20616, 20740,
        20802, 20900, 21137, 21648, 21650, 21770, 22017, 22100, 22528, 22545, 22553, 22628, 22848, 23048, 24580, 24592,
        24640, 24680, 24832, 24917, 25112, 25184, 25600, 25605, 25872, 25874, 25988, 26690, 32768, 32770, 32778, 32833,
        32898, 33028, 33048, 33088, 33297, 33793, 33796, 33808, 33813, 33856, 33888, 34048, 34118, 34196, 34313, 34368,
        34400, 34818, 35076, 35345, 36868, 36880, 36900, 36928, 37025, 37142, 37248, 37445, 37888, 37922, 37956, 38225,
        39041, 39200, 40962, 41040, 41093, 41225, 41472, 42008, 43088, 43268,
    ];
}
