using System.Runtime.Intrinsics;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// The fast form of each activation against its exact one, and its derivative against the exact one's difference
/// quotient; far out as well.
/// </summary>
public sealed class ActivationTests
{
    [Fact] public void ReluHolds() => Holds<Relu>();
    [Fact] public void ReluSquaredHolds() => Holds<ReluSquared>();
    [Fact] public void SigmoidHolds() => Holds<Sigmoid>();
    [Fact] public void SiluHolds() => Holds<Silu>();
    [Fact] public void TanhHolds() => Holds<Tanh>();
    [Fact] public void GeluTanhHolds() => Holds<GeluTanh>();
    [Fact] public void GeluErfHolds() => Holds<GeluErf>();

    [Fact]
    public void TheErrorFunctionIsAsTabulated()                                  // Abramowitz & Stegun, table 7.1; through x·Φ(x), x = z·√2
    {
        foreach (var (z, erf) in ((double, double)[])[(0.5, 0.5204998778), (1, 0.8427007929), (2, 0.9953222650), (3.5, 0.9999992569)])
            Assert.Equal(erf, 2 * GeluErf.Exact(z * Math.Sqrt(2)) / (z * Math.Sqrt(2)) - 1, 9);
    }

    static void Holds<TFn>() where TFn : struct, IUnary
    {
        for (var i = -4001; i <= 4001; i += 2)                                   // never 0, where max(x, 0) has no derivative
        {
            var x = i / 200f;
            Near(TFn.Exact(x), TFn.F(Vector512.Create(x))[0], $"{typeof(TFn).Name}({x})");
            Near((TFn.Exact(x + 1e-5) - TFn.Exact(x - 1e-5)) / 2e-5, TFn.D(Vector512.Create(x))[0], $"{typeof(TFn).Name}'({x})");
        }
        foreach (var x in (float[])[-1e4f, -100, 0, 100, 1e4f])
        {
            Near(TFn.Exact(x), TFn.F(Vector512.Create(x))[0], $"{typeof(TFn).Name}({x})");
            Assert.True(float.IsFinite(TFn.D(Vector512.Create(x))[0]), $"{typeof(TFn).Name}'({x}) is {TFn.D(Vector512.Create(x))[0]}");
        }
        Assert.True(float.IsNaN(TFn.F(Vector512.Create(float.NaN))[0]));
    }

    static void Near(double expected, float found, string what) =>
        Assert.True(Math.Abs(expected - found) <= 2e-6 * Math.Max(1, Math.Abs(expected)), $"{what} is {found}, expected {expected}");
}
