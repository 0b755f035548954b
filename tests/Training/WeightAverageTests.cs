using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Averaged weights against a plain loop; the training itself does not notice them.</summary>
public sealed class WeightAverageTests
{
    static readonly int[] sizes = [1, 37, 100_003];

    public static TheoryData<string, int> Sized => new(from name in Backends.Names from size in sizes select (name, size));

    static float[] Random(ulong seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => CounterRng.Mix(seed, (ulong)i) % 2000 / 1000f - 1)];

    [Theory, MemberData(nameof(Sized))]
    public void LerpAndExchangeAreTheirFormulas(string backend, int count)
    {
        using var on = Backends.Make(backend);
        using var arena = new Arena(on.Backend);
        var (a, b) = (Random(1, count), Random(2, count));
        Tensor y = arena.New(count).Set(a), x = arena.New(count).Set(b);
        on.Backend.Lerp(y, x, 0.3f);
        var mixed = y.ToArray();
        for (var i = 0; i < count; i++) Assert.Equal(0.7 * a[i] + 0.3 * b[i], mixed[i], 1e-6);
        on.Backend.Exchange(x, y);
        Assert.Equal(b, y.ToArray());
        Assert.Equal(mixed, x.ToArray());
    }

    [Theory, InlineData("adamw", 0.5), InlineData("muon", 0.99), InlineData("sgd", 0)]
    public void TheAverageIsThatOfAPlainLoop(string name, double decay)
    {
        using var on = Backends.Make(Backends.Names.First(n => n.StartsWith("cpu", StringComparison.Ordinal)));
        using Arena one = new(on.Backend), other = new(on.Backend);
        using Parameters averaged = Made(one), plain = Made(other);
        using Optimizer with = Of(averaged, (float)decay), without = Of(plain, null);
        var expected = averaged.Values.ToArray().Select(v => (double)v).ToArray();
        for (var step = 1; step <= 30; step++)
        {
            var gradient = Random((ulong)step, expected.Length);
            foreach (var o in (Optimizer[])[with, without])
            {
                o.Parameters.Gradients.Set(gradient);
                o.Step(0.01f);
            }
            var (values, stays) = (averaged.Values.ToArray(), Math.Min(decay, (1.0 + step) / (10 + step)));
            Assert.Equal(plain.Values.ToArray(), values);
            for (var i = 0; i < values.Length; i++) expected[i] = stays * expected[i] + (1 - stays) * values[i];
            var found = with.Average!.Values.ToArray();
            for (var i = 0; i < values.Length; i++) Assert.Equal(expected[i], found[i], 1e-5);
        }
        var (weights, averages) = (averaged.Values.ToArray(), with.Average!.Values.ToArray());
        using (with.Average.Applied()) Assert.Equal(averages, averaged.Values.ToArray());
        Assert.Equal(weights, averaged.Values.ToArray());
        Assert.Equal(averages, with.Average.Values.ToArray());

        Optimizer Of(Parameters p, float? ema)
        {
            Optimizer o = name switch
            {
                "muon" => new Muon(p, _ => true, new(), new(), 0.15f),
                "sgd" => new Sgd(p, new()),
                _ => new AdamW(p, new()),
            };
            o.Average = ema is { } d ? new(p, d) : null;
            return o;
        }
    }

    static Parameters Made(Arena arena)
    {
        return new([Of("matrix", 7, 5), Of("vector", 21)]);

        Weight Of(string path, params int[] axes)
        {
            var shape = new Shape([.. axes.Select(a => (long)a)]);
            var w = new Weight(path, arena.New(shape).Set(Random((ulong)path.Length, (int)shape.Count))) { IsMultiplied = axes.Length > 1 };
            w.Tensor.NeedsGrad = true;
            return w;
        }
    }
}
