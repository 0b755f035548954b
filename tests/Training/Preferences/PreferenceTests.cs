using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>DPO and IPO against what PyTorch computes: log-probabilities, losses, gradients of every weight.</summary>
public sealed class PreferenceTests
{
    public static TheoryData<string> Named() => [.. Backends.Training];

    [Theory]
    [MemberData(nameof(Named))]
    public void ScoresLossesAndGradientsArePyTorchs(string backend)
    {
        var folder = Fixtures.GoldenOrSkip("dpo");
        using var on = Backends.Make(backend);
        using var model = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend, train: true);
        var bound = Golden.Bound(backend, model.Config);
        using var expected = Safetensors.Open(Path.Combine(folder, "outputs.safetensors"));
        var inputs = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "inputs.json"))).RootElement;
        var beta = inputs.GetProperty("beta").GetDouble();
        var batch = Pairs(inputs);
        double[] reference = Each(expected, "reference_chosen", "reference_rejected");
        var pairs = new PreferenceBatch(batch, reference);
        var lm = model.As<ICausalLm>();

        using var arena = new Arena(on.Backend);
        var scores = SequenceScores.Of(lm, Pass(), batch);
        Golden.Close("log p", Floats(Each(expected, "policy_chosen", "policy_rejected")), Floats(scores), bound);
        var losses = pairs.Losses(new Dpo(beta), scores);
        Assert.Equal(expected["loss"].Values()[0], losses.Average(l => l.Loss), 20 * bound);        // of differences of sums
        Assert.Equal(expected["ipo_loss"].Values()[0], pairs.Losses(new Ipo(beta), scores).Average(l => l.Loss), 20 * bound);

        arena.Reset();
        lm.Loss(Pass(), pairs.Weighed(losses, pairs.Pairs)).Backward();
        Golden.SameGradients(expected, model, backend);

        Pass Pass() => new(arena, batch.Ids, batch.Starts) { SelectedRows = Models.Pass.Every(batch.Ids.Length) };
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SlopesAreThoseOfTheLoss(bool dpo)
    {
        PreferenceLoss loss = dpo ? new Dpo(0.3) : new Ipo(0.3);
        foreach (var pair in (PairScores[])[new(-4, -6, -5, -5, 3, 5), new(-40, -6, -5, -50, 7, 2), new(0, 0, 0, 0, 1, 1)])
        {
            const double h = 1e-6;
            var (found, up, down) = (loss.Of(pair), pair with { Chosen = pair.Chosen + h }, pair with { Chosen = pair.Chosen - h });
            Assert.Equal((loss.Of(up).Loss - loss.Of(down).Loss) / (2 * h), found.ByChosen, 1e-5);
            (up, down) = (pair with { Rejected = pair.Rejected + h }, pair with { Rejected = pair.Rejected - h });
            Assert.Equal((loss.Of(up).Loss - loss.Of(down).Loss) / (2 * h), found.ByRejected, 1e-5);
        }
    }

    [Fact]
    public void CertainPreferencesDoNotOverflow()
    {
        Assert.Equal(0, new Dpo(1).Of(new(0, -5000, 0, 0, 1, 1)).Loss, 1e-12);
        Assert.Equal(5000, new Dpo(1).Of(new(-5000, 0, 0, 0, 1, 1)).Loss, 1e-6);
    }

    static Batch Pairs(JsonElement inputs)
    {
        var chosen = inputs.GetProperty("chosen").Deserialize<int[][]>()!;
        var rejected = inputs.GetProperty("rejected").Deserialize<int[][]>()!;
        var prompt = inputs.GetProperty("prompt_length").GetInt32();
        int[][] all = [.. chosen.Zip(rejected).SelectMany(p => (int[][])[p.First, p.Second])];
        return new([.. all.SelectMany(a => a)], [.. Enumerable.Range(0, all.Length + 1).Select(s => s * all[0].Length)],
            [.. all.SelectMany(a => Enumerable.Range(1, a.Length).Select(t => t < prompt || t == a.Length ? Op.Ignored : a[t]))]);
    }

    static double[] Each(TensorFile file, string chosen, string rejected) =>
        [.. file[chosen].Values().Zip(file[rejected].Values()).SelectMany(p => (double[])[p.First, p.Second])];

    static float[] Floats(double[] values) => [.. values.Select(v => (float)v)];
}
