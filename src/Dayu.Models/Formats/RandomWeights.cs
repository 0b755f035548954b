using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Weights of a model that has not been trained yet: drawn from a seed and each weight's own path, so that their order
/// does not matter.
/// </summary>
/// <param name="arena">Lasts as long as the model.</param>
/// <param name="seed">Same seed, same weights.</param>
/// <param name="train">Whether gradients are wanted.</param>
/// <param name="gain">Factor on what is drawn; above 1 a small model says more, in tests and first experiments.</param>
/// <param name="zeroOutputs">Whether what is added to the residual stream starts as 0 (<see cref="Init.IntoResidual"/>). Zhang et al.
/// 2019, arXiv:1901.09321; Bachlechner et al. 2020, arXiv:2003.04887.</param>
public sealed class RandomWeights(Arena arena, ulong seed, bool train = true, float gain = 1, bool zeroOutputs = false) : IWeightSource
{
    readonly Dictionary<string, Weight> given = [];

    /// <summary>Every weight asked for so far, by path.</summary>
    public IReadOnlyDictionary<string, Weight> Given => given;

    /// <inheritdoc/>
    public bool Has(string path) => false;

    /// <inheritdoc/>
    public Weight Get(string path, Shape shape, Init init)
    {
        if (given.TryGetValue(path, out var known)) return known;
        var values = new float[shape.Count];
        (zeroOutputs && init is Init.Output ? Init.Zeros : init).Fill(values, shape, Key(path), gain);
        var tensor = arena.New(shape).Set(values);
        tensor.NeedsGrad = train;
        return given[path] = new(path, tensor);
    }

    ulong Key(string path)
    {
        var key = seed;
        foreach (var c in path) key = CounterRng.Mix(key, c);
        return key;
    }
}
