using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Weights of a model that has not been trained yet: drawn from a seed and each weight's own path, so that their order does not matter.</summary>
/// <param name="arena">Lasts as long as the model.</param>
/// <param name="seed">Same seed, same weights.</param>
/// <param name="train">Whether gradients are wanted.</param>
/// <param name="spread">Standard deviation of <see cref="Init.Normal"/>; GPT-2's 0.02.</param>
public sealed class RandomWeights(Arena arena, ulong seed, bool train = true, float spread = 0.02f) : IWeightSource
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
        if (init == Init.Ones) Array.Fill(values, 1);
        if (init == Init.Normal) Draw(values, Key(path));
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

    /// <summary>Box &amp; Muller 1958.</summary>
    void Draw(float[] values, ulong key)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var u = ((CounterRng.Mix(key, (ulong)(2 * i)) >> 11) + 1) * (1.0 / (1L << 53));
            var v = (CounterRng.Mix(key, (ulong)(2 * i + 1)) >> 11) * (1.0 / (1L << 53));
            values[i] = (float)(spread * Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v));
        }
    }
}
