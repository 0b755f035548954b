using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What the tests of the CPU backend share: numbers from a seed, and layouts of keys.</summary>
static class CpuRuns
{
    public static float[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        var x = new float[count];
        for (var i = 0; i < count; i++) x[i] = random.NextSingle() * 2 - 1;
        return x;
    }

    public static Tensor Random(this Arena arena, int seed, int rows, int width) => arena.New(rows, width).Set(Numbers(seed, rows * width));

    /// <summary>
    /// A cache whose blocks lie in shuffled order, filled with the keys of sequences that lie one after another; what
    /// belongs to nobody is NaN.
    /// </summary>
    public static (SequenceLayout Layout, float[] Cache) Shuffled(int seed, int[] queryStarts, int[] counts, int blockSize,
        int width, float[] packed)
    {
        var places = Enumerable.Range(0, counts.Sum(n => (n + blockSize - 1) / blockSize)).ToArray();
        new Random(seed).Shuffle(places);
        var cache = new float[places.Length * blockSize * width];
        Array.Fill(cache, float.NaN);
        var blocks = new int[counts.Length][];
        for (int s = 0, used = 0, row = 0; s < counts.Length; row += counts[s++])
        {
            blocks[s] = [.. places.AsSpan(used, (counts[s] + blockSize - 1) / blockSize).ToArray().Select(p => p * blockSize)];
            used += blocks[s].Length;
            for (var j = 0; j < counts[s]; j++)
                packed.AsSpan((row + j) * width, width).CopyTo(cache.AsSpan((blocks[s][j / blockSize] + j % blockSize) * width));
        }
        return (new(queryStarts, counts, blocks, blockSize), cache);
    }
}
