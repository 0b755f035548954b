using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Where weights come from: a checkpoint, a random initialiser, or either seen through an adapter.</summary>
public interface IWeightSource
{
    /// <summary>The weight of that path.</summary>
    /// <param name="path">In the family's own terms: <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
    /// <param name="shape">What the model expects.</param>
    /// <param name="init">How it starts, where it is not loaded.</param>
    /// <exception cref="InvalidDataException">It is missing, or of another shape.</exception>
    Weight Get(string path, Shape shape, Init init);

    /// <summary>Whether there is one; an initialiser makes none that is optional.</summary>
    bool Has(string path);

    /// <summary>Whether one that a model needs is known to be missing; an initialiser makes any.</summary>
    bool Lacks(string path) => false;
}

/// <summary>
/// A place in a checkpoint's tree of names. Layers ask it for weights; they neither know nor care who answers.
/// </summary>
/// <param name="Source">Who answers.</param>
/// <param name="Path">The place.</param>
public readonly record struct Weights(IWeightSource Source, string Path = "")
{
    /// <summary>A branch.</summary>
    public Weights this[string name] => this with { Path = Path.Length == 0 ? name : $"{Path}.{name}" };

    /// <summary>A numbered branch.</summary>
    public Weights this[int i] => this[i.ToString()];

    /// <summary>A leaf.</summary>
    public Weight Get(string name, Shape shape, Init init) => Source.Get(this[name].Path, shape, init);

    /// <summary>A leaf that the layer multiplies by.</summary>
    /// <param name="name">Its name here.</param>
    /// <param name="shape">[out, in]</param>
    /// <param name="init">How it starts, where it is not loaded; null: as GPT-2's matrices.</param>
    /// <param name="multiplied">Whether it does.</param>
    /// <param name="sensitive">See <see cref="Weight.IsSensitive"/>.</param>
    public Weight Matrix(string name, Shape shape, Init? init = null, bool multiplied = true, bool sensitive = false)
    {
        var weight = Get(name, shape, init ?? Init.Normal());
        weight.IsMultiplied |= multiplied;
        weight.IsSensitive |= sensitive;
        return weight;
    }

    /// <summary>Whether a leaf is there.</summary>
    public bool Has(string name) => Source.Has(this[name].Path);

    /// <summary>Whether a leaf that is needed is known to be missing.</summary>
    public bool Lacks(string name) => Source.Lacks(this[name].Path);
}
