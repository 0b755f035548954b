using System.Text.Json;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Losses against PyTorch's.</summary>
public sealed class LossFixtureTests
{
    public static TheoryData<string> Named() => [.. Backends.Training];

    [Theory]
    [MemberData(nameof(Named))]
    public void CrossEntropySmoothingAndDivergenceArePyTorchs(string backend)
    {
        var said = JsonDocument.Parse(File.ReadAllBytes(Fixtures.GoldenOrSkip("losses.json"))).RootElement;
        using var on = Backends.Make(backend);
        using var arena = new Arena(on.Backend);
        var rows = said.GetProperty("logits").Deserialize<float[][]>()!;
        var logits = Of(r => r);
        var targets = arena.Ints(said.GetProperty("target").Deserialize<int[]>()!);
        Assert.Equal(Said("cross_entropy"), Op.CrossEntropy(logits, targets).ToArray()[0], 1e-5);
        Assert.Equal(Said("label_smoothing_0.1"), Op.CrossEntropy(logits, targets, smoothing: 0.1f).ToArray()[0], 1e-5);
        var mean = arena.New(rows.Length).Set([.. rows.Select(_ => 1f / rows.Length)]);
        Assert.Equal(Said("kl_divergence_to_flipped"), Op.KlDivergence(Of(r => [.. r.Reverse()]), logits, mean).ToArray()[0], 1e-5);

        double Said(string name) => said.GetProperty(name).GetDouble();
        Tensor Of(Func<float[], float[]> row) => arena.New(rows.Length, rows[0].Length).Set([.. rows.SelectMany(row)]);
    }
}
