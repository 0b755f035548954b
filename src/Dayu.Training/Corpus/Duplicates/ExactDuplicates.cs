using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Dayu.Training;

/// <summary>
/// Documents that say the same but for case, spaces and punctuation. A document takes 16 bytes of its hash (SHA-256, cut), with the set
/// about 36 to 72: two of 10⁹ documents that differ share one with a chance of 10⁻²¹.
/// </summary>
public sealed class ExactDuplicates
{
    readonly HashSet<UInt128> seen = [];

    /// <summary>Documents that are unlike all others, so far.</summary>
    public int Count => seen.Count;

    /// <summary>Whether a document is the first of its kind.</summary>
    public bool Add(string text) => seen.Add(MemoryMarshal.Read<UInt128>(HashOf(TextUnits.Of(text), text)));

    /// <summary>SHA-256 of a text's units; without a letter it has nothing but its signs.</summary>
    internal static byte[] HashOf(IReadOnlyList<string> units, string text) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(units.Count > 0 ? string.Join(' ', units) : text));
}
