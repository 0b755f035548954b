using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>How weights start: the moments of what is drawn, and the same for the same seed and path.</summary>
public sealed class InitTests
{
    static float[] Draw(Init init, ulong seed = 1, string path = "a.weight", float gain = 1)
    {
        using var arena = new Arena(new ReferenceBackend());
        return new RandomWeights(arena, seed, gain: gain).Get(path, new(300, 200), init).Tensor.ToArray();
    }

    public static TheoryData<string, double, double> Cases => new()
    {
        { "normal", 0.02, double.PositiveInfinity }, { "uniform", 0.3 / Math.Sqrt(3), 0.3 },
        { "xavier", Math.Sqrt(2.0 / 500), Math.Sqrt(6.0 / 500) }, { "he", Math.Sqrt(2.0 / 200), double.PositiveInfinity },
    };

    static Init Named(string name) =>
        name switch { "normal" => Init.Normal(), "uniform" => Init.Uniform(0.3f), "xavier" => Init.Xavier, _ => Init.He };

    [Theory, MemberData(nameof(Cases))]
    public void HasTheMomentsOfItsPaper(string name, double deviation, double bound)
    {
        var values = Draw(Named(name));
        double mean = values.Average(v => (double)v), spread = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        Assert.Equal(0, mean, deviation / 100);
        Assert.Equal(deviation, spread, deviation / 100);
        Assert.All(values, v => Assert.InRange(v, -bound, bound));
        Assert.Equal(values, Draw(Named(name)));
        Assert.NotEqual(values, Draw(Named(name), seed: 2));
        Assert.NotEqual(values, Draw(Named(name), path: "b.weight"));
        Assert.Equal(values.Select(v => 4 * v), Draw(Named(name), gain: 4));
    }

    [Fact]
    public void ConstantsAreNotDrawn()
    {
        Assert.All(Draw(Init.Zeros, gain: 9), v => Assert.Equal(0, v));
        Assert.All(Draw(Init.Ones, gain: 9), v => Assert.Equal(1, v));
    }

    /// <summary>Dropout's key: the same place and step give the same mask, another step or place another.</summary>
    [Fact]
    public void DropoutIsCountedBySeedStepAndPlace()
    {
        var place = DropoutSeed.PlaceOf("transformer.h.0.mlp.dropout");
        Assert.Equal(new DropoutSeed(1, 2).Key(place), new DropoutSeed(1, 2).Key(DropoutSeed.PlaceOf("transformer.h.0.mlp.dropout")));
        ulong[] others =
        [
            new DropoutSeed(1, 3).Key(place),
            new DropoutSeed(2, 2).Key(place),
            new DropoutSeed(1, 2).Key(DropoutSeed.PlaceOf("transformer.h.1.mlp.dropout")),
        ];
        Assert.DoesNotContain(new DropoutSeed(1, 2).Key(place), others);
    }

    /// <summary>Attention whose scores are equal and whose values are the unit vectors shows its weights: 0 or scaled up.</summary>
    [Fact]
    public void AttentionDropsWeights()
    {
        const int T = 48;
        const float Rate = 0.25f;
        using var arena = new Arena(new Dayu.Reference.ReferenceBackend());
        var drop = new Dropout(new Weights(new RandomWeights(arena, 1, false, 1))["attn_dropout"], Rate);
        var unit = new float[T * T];
        for (var t = 0; t < T; t++) unit[t * T + t] = 1;
        var (zeros, v) = (arena.New(T, T).Set(new float[T * T]), arena.New(T, T).Set(unit));
        var pass = new Pass(arena, new int[T]) { Dropout = new(3, 7) };
        var weights = pass.Attend(this, zeros, zeros, v, new(1, 1, T, Causal: false), drop).ToArray();
        Assert.All(weights, w => Assert.True(w == 0 || Math.Abs(w - 1 / (T * (1 - Rate))) < 1e-6f, $"a weight is {w}"));
        Assert.InRange(weights.Count(w => w == 0) / (double)weights.Length, Rate - 0.03, Rate + 0.03);
        var whole = new Pass(arena, new int[T]).Attend(this, zeros, zeros, v, new(1, 1, T, Causal: false), drop).ToArray();
        Assert.All(whole, w => Assert.Equal(1f / T, w, 1e-6f));
    }
}
