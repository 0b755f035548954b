using System.Runtime.InteropServices;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>The slow twin of <see cref="ExactIndex"/>: a set in memory.</summary>
sealed class ExactDuplicates
{
    readonly HashSet<UInt128> seen = [];

    /// <summary>Documents that are unlike all others, so far.</summary>
    public int Count => seen.Count;

    /// <summary>Whether a document is the first of its kind.</summary>
    public bool Add(string text) => seen.Add(MemoryMarshal.Read<UInt128>(TextUnits.HashOf(TextUnits.Of(text), text)));
}
