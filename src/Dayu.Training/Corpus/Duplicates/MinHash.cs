using System.Runtime.InteropServices;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Signatures of texts, of which the share of equal places estimates the Jaccard similarity of their shingles (Broder 1997): each place
/// is the least of one hash over all shingles. Only whole numbers are computed with, so that signatures do not depend on the processor.
/// </summary>
public sealed class MinHash
{
    readonly ulong[] factors, offsets;                               // K each
    readonly int shingle;

    /// <summary>The same numbers give the same signatures, on every machine.</summary>
    /// <param name="hashes">Places of a signature, K: the estimate's standard deviation is √(s(1 − s) / K).</param>
    /// <param name="shingle">Units (words, Chinese characters) that follow one another in a shingle; a shorter text is one.</param>
    /// <param name="seed">Of the hashes.</param>
    public MinHash(int hashes = 128, int shingle = 5, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hashes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shingle);
        this.shingle = shingle;
        factors = new ulong[hashes];
        offsets = new ulong[hashes];
        for (var i = 0; i < hashes; i++)
        {
            factors[i] = CounterRng.Mix(seed, 2 * (ulong)i) | 1;
            offsets[i] = CounterRng.Mix(seed, 2 * (ulong)i + 1);
        }
    }

    const ulong Golden = 0x9E3779B97F4A7C15;                         // 2⁶⁴ / φ, odd: consecutive units are spread

    /// <summary>Places of a signature, K.</summary>
    public int Hashes => factors.Length;

    /// <summary>A text's signature; of one without a letter or digit: null, as it has nothing to compare.</summary>
    public uint[]? SignatureOf(string text) => SignatureOf(TextUnits.Of(text).ConvertAll(HashOf));

    /// <summary>The signature of units, of which only the hashes are known.</summary>
    internal uint[]? SignatureOf(List<ulong> hashes)
    {
        if (hashes.Count == 0) return null;
        var signature = new uint[Hashes];
        signature.AsSpan().Fill(uint.MaxValue);
        foreach (var x in Shingles(hashes, shingle))
            for (var i = 0; i < signature.Length; i++) signature[i] = Math.Min(signature[i], (uint)((factors[i] * x + offsets[i]) >> 32));
        return signature;
    }

    /// <summary>The estimated similarity of two texts, 0 … 1.</summary>
    public static double Similarity(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        var equal = 0;
        for (var i = 0; i < a.Length; i++) equal += a[i] == b[i] ? 1 : 0;
        return (double)equal / a.Length;
    }

    /// <summary>The different shingles of a text, as hashes.</summary>
    internal static HashSet<ulong> Shingles(List<ulong> units, int size)
    {
        var shingles = new HashSet<ulong>();
        for (var i = 0; i <= Math.Max(0, units.Count - size); i++)
        {
            var hash = 0UL;
            foreach (var unit in CollectionsMarshal.AsSpan(units).Slice(i, Math.Min(size, units.Count)))
                hash = CounterRng.Mix(hash * Golden + unit);
            shingles.Add(hash);
        }
        return shingles;
    }

    /// <summary>FNV-1a over UTF-16, mixed: the same everywhere, unlike the hashes of .NET.</summary>
    internal static ulong HashOf(string unit)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in unit) hash = (hash ^ c) * 0x100000001B3;
        return CounterRng.Mix(hash);
    }
}
