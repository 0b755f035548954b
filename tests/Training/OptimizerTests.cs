using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Optimizers against PyTorch's, step by step; Muon, which PyTorch computes in bfloat16, as near as that is.</summary>
public sealed class OptimizerTests
{
    static readonly string[] names = ["adamw", "adam", "sgd_momentum", "sgd_nesterov", "muon"];

    public static TheoryData<string, string> Cases => new(from name in names from backend in Backends.Names select (name, backend));

    [Theory, MemberData(nameof(Cases))]
    public void ParametersAfterEachStepArePyTorchs(string name, string backend)
    {
        var folder = Fixtures.GoldenOrSkip("optimizers");
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "optimizers.json")))![name]!;
        using var file = Safetensors.Open(Path.Combine(folder, "optimizers.safetensors"));
        using var on = Backends.Make(backend);
        using var arena = new Arena(on.Backend);
        var weight = new Weight("w", arena.New(file["start"].Shape).Set(file["start"].Values())) { IsMultiplied = true };
        weight.Tensor.NeedsGrad = true;
        using var parameters = new Parameters([weight]);
        var optimizer = Make(name, parameters, settings);
        for (var step = 0; step < 12; step++)
        {
            parameters.ZeroGradients();
            weight.Tensor.Grad.Set(file[$"gradient.{step}"].Values());
            optimizer.Step((float)settings["lr"]!);
            var (expected, found) = (file[$"{name}.{step}"].Values(), weight.Tensor.ToArray());
            var most = expected.Max(Math.Abs);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(found[i] - expected[i]) <= (name == "muon" ? 2e-2 : 2e-6) * most,
                    $"{name}, step {step}, value {i}: {found[i]}, PyTorch has {expected[i]}");
        }
    }

    static Optimizer Make(string name, Parameters parameters, JsonNode s)
    {
        float Number(string key) => (float)s[key]!;
        return name switch
        {
            "adamw" or "adam" => new AdamW(parameters,
                new((float)s["betas"]![0]!, (float)s["betas"]![1]!, Number("eps"), Number("weight_decay"))),
            "muon" => new Muon(parameters, _ => true,
                new(Number("momentum"), (bool)s["nesterov"]!, Number("weight_decay"), (int)s["ns_steps"]!), new(), 1),
            _ => new Sgd(parameters, new(Number("momentum"), (bool)s["nesterov"]!, Number("weight_decay"))),
        };
    }

    /// <summary>The singular values of what Newton and Schulz make are near 1, whatever they were before: wide, square and tall.</summary>
    [Theory, InlineData(5, 12), InlineData(9, 9), InlineData(33, 7)]
    public void OrthogonalMatricesKeepLengths(int rows, int width)
    {
        using var arena = new Arena(new Reference.ReferenceBackend());
        var values = new float[rows * width];
        for (var i = 0; i < values.Length; i++) values[i] = CounterRng.Mix(5, (ulong)i) % 1000 / 500f - 1;
        var x = Muon.Orthogonal(arena.New(rows, width).Set(values), 5).ToArray();
        // the mean square of its singular values is the sum of squares over their number
        Assert.InRange(x.Sum(v => (double)v * v) / Math.Min(rows, width), 0.6, 1.3);
    }
}
