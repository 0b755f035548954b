using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>The trainer against twenty steps of PyTorch: loss, gradient norm.</summary>
public sealed class TrainerTests
{
    public static TheoryData<string, string> Cases =>
        new(from folder in Fixtures.GoldenFolders("training.json") from backend in Backends.Training select (folder, backend));

    /// <summary>The batches of a trace.</summary>
    sealed class Traced(JsonElement[] steps) : IBatchSource
    {
        public Batch At(long number)
        {
            var rows = steps[number].GetProperty("input_ids").Deserialize<int[][]>()!;
            return new([.. rows.SelectMany(r => r)], [.. Enumerable.Range(0, rows.Length + 1).Select(b => b * rows[0].Length)],
                [.. rows.SelectMany(r => r.Skip(1).Append(Op.Ignored))]);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void LossAndGradientNormAreThoseOfPyTorch(string folder, string backend)
    {
        var path = Fixtures.GoldenOrSkip(folder);
        using var trace = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "training.json")));
        JsonElement[] steps = [.. trace.RootElement.GetProperty("steps").EnumerateArray()];
        var bound = backend.EndsWith("bf16", StringComparison.Ordinal) ? 1e-2 : 1e-5;
        using var on = Backends.Make(backend);
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on.Backend, train: true);
        using var parameters = new Parameters(model);
        // the trace has a rate of its own for each step
        Schedule[] rates = [.. steps.Select(s => new Schedule(ScheduleKind.Constant, s.GetProperty("lr").GetDouble(), steps.Length))];
        var optimizer = new AdamW(parameters, new(0.9f, 0.95f, 1e-8f, 0.1f));
        foreach (var (expected, rate) in steps.Zip(rates))
        {
            using var trainer = new Trainer(model, optimizer, rate, new Traced(steps), new(Dropout: false));
            var report = trainer.Step();
            Near($"step {report.Step}: loss", expected.GetProperty("loss").GetDouble(), report.Loss, bound);
            Near($"step {report.Step}: gradient norm", expected.GetProperty("grad_norm").GetDouble(), report.GradientNorm, bound * 10);
        }
        Assert.Equal(20, optimizer.Steps);
    }

    static void Near(string what, double expected, double found, double bound) =>
        Assert.True(Math.Abs(found - expected) <= bound * Math.Abs(expected), $"{what} is {found}, "
            + $"expected {expected}: off by {Math.Abs(found / expected - 1):E1}, allowed {bound:E0}");
}
