using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Analytic gradients of the reference against central differences along random directions. No single difference can be
/// trusted: a large step is off by curvature, a small one by rounding. So the trend is read: each halving of the step
/// must bring the difference closer to the gradient (by four, in theory), until both agree to float32's noise.
/// </summary>
public sealed class GradientTests
{
    static int Directions => Sizes.Of(3, 30);

    public static TheoryData<string> Cases() =>
        [.. OpCases.At(new(5, 7, 6, 4)).Where(c => c.HasGradient && c.Inputs.Any(i => i.DType == DType.F32)).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void DifferencesApproachTheGradient(string name)
    {
        foreach (var size in (Size[])[new(5, 7, 6, 4), new(1, 9, 2, 2), new(11, 5, 3, 6)])
        {
            var c = OpCases.At(size).Single(c => c.Name == name);
            float[][] at = [.. c.Inputs.Select((input, i) => input.Integers is null ? input.Values(i) : [])];
            var run = OpRun.Guarded(new ReferenceBackend(), c);
            var weights = OpRun.Weights(run.Output.Length);
            for (var i = 0; i < at.Length; i++)
                if (run.Gradients[i] is { } gradient) Approaches(c, size, at, i, gradient, weights);
        }
    }

    static void Approaches(OpCase c, Size size, float[][] at, int input, float[] gradient, float[] weights)
    {
        var scale = Math.Max(Norm(gradient), 1e-3 * Norm(weights));
        var (errors, noises) = (new List<double>(), new List<double>());
        for (var h = 2e-2f; h >= 4e-3f; h /= 2)
        {
            var (sum, noise) = (0.0, 0.0);
            for (var direction = 0; direction < Directions; direction++)
            {
                var (up, down) = (Moved(at, input, h, direction), Moved(at, input, -h, direction));
                float[] y1 = Output(c, up), y0 = Output(c, down);
                double found = 0, expected = 0, rounding = 0;
                for (var o = 0; o < y1.Length; o++)
                {
                    found += weights[o] * ((double)y1[o] - y0[o]);
                    rounding += Math.Pow(weights[o] * y1[o] * 6e-8, 2);             // half a unit in the last place of float32
                }
                for (var j = 0; j < gradient.Length; j++) expected += gradient[j] * ((double)up[input][j] - down[input][j]);
                sum += Math.Pow((found - expected) / (2 * h) / scale, 2);
                noise += Math.Sqrt(rounding) / (2 * h) / scale;
            }
            errors.Add(Math.Sqrt(sum / Directions));
            noises.Add(10 * noise / Directions + 1e-6);
        }
        static string Listed(IEnumerable<double> values) => string.Join(", ", values.Select(v => $"{v:e1}"));
        var trend = $"{c.Name} at {size}, input {input}: differences miss the gradient by {Listed(errors)} of its length "
            + $"(rounding: {Listed(noises)})";
        for (var k = 1; k < errors.Count; k++) Assert.True(errors[k] <= 0.35 * errors[k - 1] || errors[k] <= noises[k], trend);
        Assert.True(errors[^1] < 0.05, trend);
    }

    /// <summary>The inputs with one moved by ±h in every coordinate.</summary>
    static float[][] Moved(float[][] at, int input, float h, int direction)
    {
        float[][] moved = [.. at];
        moved[input] = [.. at[input].Select((v, j) => v + ((CounterRng.Mix(5, ((ulong)direction << 32) + (ulong)j) & 1) == 0 ? h : -h))];
        return moved;
    }

    static float[] Output(OpCase c, float[][] values)
    {
        using var arena = new Arena(new ReferenceBackend());
        return c.Run(c.Operands(arena, values)).ToArray();
    }

    static double Norm(float[] x) => Math.Sqrt(x.Sum(v => (double)v * v));
}
