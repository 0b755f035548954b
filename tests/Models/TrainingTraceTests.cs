using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Twenty steps of PyTorch's AdamW (Loshchilov &amp; Hutter 2017, arXiv:1711.05101), written in a straight line over
/// the public API: loss and gradient norm of each.
/// </summary>
public sealed class TrainingTraceTests
{
    const float Beta1 = 0.9f, Beta2 = 0.95f, Epsilon = 1e-8f, Decay = 0.1f, ClipNorm = 1;

    public static TheoryData<string, string> Cases =>
        new(from folder in Fixtures.GoldenFolders("training.json") from backend in Backends.Training select (folder, backend));

    [Theory, MemberData(nameof(Cases))]
    public void LossAndGradientNormOfEachStep(string folder, string backend)
    {
        var path = Fixtures.GoldenOrSkip(folder);
        var trace = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "training.json"))).RootElement;
        var bound = backend.EndsWith("bf16", StringComparison.Ordinal) ? 1e-2 : 1e-5;
        using var on = Backends.Make(backend);
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on.Backend, train: true);
        using var arena = new Arena(on.Backend);
        var moments = model.Weights.Values.ToDictionary(w => w,
            w => (First: new float[w.Tensor.Shape.Count], Second: new float[w.Tensor.Shape.Count]));
        var step = 0;
        foreach (var expected in trace.GetProperty("steps").EnumerateArray())
        {
            var batch = expected.GetProperty("input_ids").Deserialize<int[][]>()!;
            int[] ids = [.. batch.SelectMany(row => row)];
            int[] starts = [.. Enumerable.Range(0, batch.Length + 1).Select(b => b * batch[0].Length)];
            int[] targets = [.. batch.SelectMany(row => row.Skip(1).Append(-100))];

            arena.Reset();
            foreach (var w in model.Weights.Values) on.Backend.Fill(w.Tensor.Grad, 0);
            var loss = model.Net.Loss(new(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) }, new(targets));
            loss.Backward();

            var gradients = model.Weights.Values.ToDictionary(w => w, w => w.Tensor.Grad.ToArray());
            var norm = Math.Sqrt(gradients.Values.Sum(g => g.Sum(v => (double)v * v)));
            Near($"step {step}: loss", expected.GetProperty("loss").GetDouble(), loss.ToArray()[0], bound);
            Near($"step {step}: gradient norm", expected.GetProperty("grad_norm").GetDouble(), norm, bound * 10);

            step++;
            var clip = (float)Math.Min(1, ClipNorm / (norm + 1e-6));
            foreach (var (w, gradient) in gradients)
                w.Tensor.Set(Updated(w, gradient, moments[w], expected.GetProperty("lr").GetSingle(), clip, step));
        }
        Assert.Equal(20, step);
    }

    static float[] Updated(Weight w, float[] gradient, (float[] First, float[] Second) moments, float rate, float clip, int step)
    {
        var (values, decay) = (w.Tensor.ToArray(), w.Tensor.Shape.Rank >= 2 ? Decay : 0);
        var (bias1, bias2) = (1 - Math.Pow(Beta1, step), 1 - Math.Pow(Beta2, step));
        for (var i = 0; i < values.Length; i++)
        {
            var g = clip * gradient[i];
            moments.First[i] = Beta1 * moments.First[i] + (1 - Beta1) * g;
            moments.Second[i] = Beta2 * moments.Second[i] + (1 - Beta2) * g * g;
            values[i] -= rate * decay * values[i];
            values[i] -= (float)(rate / bias1 * moments.First[i] / (Math.Sqrt(moments.Second[i] / bias2) + Epsilon));
        }
        return values;
    }

    static void Near(string what, double expected, double found, double bound) =>
        Assert.True(Math.Abs(found - expected) <= bound * Math.Abs(expected), $"{what} is {found}, "
            + $"expected {expected}: off by {Math.Abs(found / expected - 1):E1}, allowed {bound:E0}");
}
