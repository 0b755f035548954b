using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// What dropout's randomness is counted from, besides a layer's place and a value's number: running a block again, or
/// resuming, drops the same values.
/// </summary>
/// <param name="Seed">Of the training.</param>
/// <param name="Step">Optimizer step, from 0.</param>
public readonly record struct DropoutSeed(ulong Seed, long Step)
{
    /// <summary>The key of a layer.</summary>
    /// <param name="place">Its number in the model (<see cref="PlaceOf"/>).</param>
    public ulong Key(ulong place) => CounterRng.Mix(CounterRng.Mix(Seed, (ulong)Step), place);

    /// <summary>A number for a path in the model: the same wherever the model is made.</summary>
    public static ulong PlaceOf(string path)
    {
        var place = 0UL;
        foreach (var c in path) place = CounterRng.Mix(place, c);
        return place;
    }
}
