using System.Numerics;

namespace Dayu.Inference;

/// <summary>Which tokens may come: a bit each. A grammar fills one for every token it waits for.</summary>
/// <param name="vocabulary">Number of tokens, V.</param>
public sealed class TokenMask(int vocabulary)
{
    const int Word = 64;

    readonly ulong[] allowed = new ulong[(vocabulary + Word - 1) / Word];

    /// <summary>Number of tokens, V.</summary>
    public int Vocabulary => vocabulary;

    /// <summary>How many may come.</summary>
    public int Count => allowed.Sum(BitOperations.PopCount);

    /// <summary>Whether a token may come.</summary>
    /// <param name="id">0 to <see cref="Vocabulary"/> − 1; an id beyond may not.</param>
    public bool this[int id]
    {
        get => (uint)id < (uint)vocabulary && (allowed[id / Word] >> (id % Word) & 1) != 0;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, vocabulary);
            if (value) allowed[id / Word] |= 1UL << (id % Word);
            else allowed[id / Word] &= ~(1UL << (id % Word));
        }
    }

    /// <summary>No token may come.</summary>
    public void Clear() => Array.Clear(allowed);

    /// <summary>Gives every token that may not come minus infinity.</summary>
    /// <param name="logits">[V]</param>
    /// <exception cref="InvalidOperationException">No token may come.</exception>
    public void Apply(Span<float> logits)
    {
        var left = 0;
        for (var id = 0; id < logits.Length; id++)
            if (this[id]) left++;
            else logits[id] = float.NegativeInfinity;
        if (left == 0)
            throw new InvalidOperationException($"the mask allows none of the {logits.Length} tokens: there is nothing to choose from");
    }
}
