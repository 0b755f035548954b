using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Weights of which only path and shape are there: what a model asks for, before anything is read or drawn.</summary>
/// <param name="arena">On a <see cref="MetaBackend"/>.</param>
sealed class MetaWeights(Arena arena) : IWeightSource
{
    readonly Dictionary<string, Weight> given = [];
    readonly List<Weight> all = [];

    /// <summary>Every weight asked for, in the order of the model.</summary>
    public IReadOnlyList<Weight> Given => all;

    /// <inheritdoc/>
    public bool Has(string path) => false;

    /// <inheritdoc/>
    public Weight Get(string path, Shape shape, Init init)
    {
        if (given.TryGetValue(path, out var known)) return known;
        var weight = new Weight(path, arena.New(shape));
        weight.Tensor.NeedsGrad = true;
        all.Add(weight);
        return given[path] = weight;
    }
}
