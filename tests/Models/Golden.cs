using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>What the tests over golden folders share.</summary>
static class Golden
{
    /// <summary>A folder's <c>inputs.json</c>.</summary>
    public static JsonElement Inputs(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Fixtures.GoldenOrSkip(folder), "inputs.json"))).RootElement;

    /// <summary>
    /// Whether a folder holds a model that goes on from ids alone, told by what it is fed; where there are no folders,
    /// every test tells so itself.
    /// </summary>
    public static bool IsCausal(string folder) => !Exists(folder) || !Inputs(folder).TryGetProperty("attention_mask", out _);

    /// <summary>Whether a folder holds an encoder.</summary>
    public static bool IsEncoder(string folder) =>
        !Exists(folder) || (!IsCausal(folder) && !Inputs(folder).TryGetProperty("greedy_output", out _));

    static bool Exists(string folder) => Fixtures.GoldenFolders("inputs.json").Contains(folder);

    /// <summary>Skips where this build has no such family yet.</summary>
    public static void SkipUnlessKnown(JsonObject config, string folder)
    {
        try { Families.Of(config); }
        catch (NotSupportedException) { Assert.Skip($"golden/{folder}: the family '{config["model_type"]}' is not known yet"); }
    }

    /// <summary>
    /// How far logits may be off: with bfloat16 products every two blocks add their part.
    /// </summary>
    public static double Bound(string backend, JsonObject config) =>
        Backends.Bound(backend, 1e-4) is var bound && bound > 1e-4 ? bound * Math.Max(1, Blocks(config) / 2.0) : bound;

    static int Blocks(JsonObject config) => (config["n_layer"] ?? config["num_hidden_layers"])?.GetValue<int>() ?? 1;

    /// <summary>Differences are measured against the tensor's largest absolute value (the fixtures' README).</summary>
    /// <param name="what">For the message.</param> <param name="expected">By the reference.</param>
    /// <param name="found">By this build.</param>
    /// <param name="tolerance">Of the largest value.</param> <param name="noise">A difference that rounding alone
    /// makes, however small the values.</param>
    public static void Close(string what, float[] expected, float[] found, double tolerance, double noise = 0)
    {
        Assert.True(expected.Length == found.Length, $"{what}: {found.Length} values, expected {expected.Length}");
        var (scale, worst, at) = (expected.Max(Math.Abs), 0.0, 0);
        for (var i = 0; i < expected.Length; i++)
            if (Math.Abs(expected[i] - found[i]) is var d && !(d <= worst)) (worst, at) = (d, i);
        Assert.True(worst <= Math.Max(tolerance * scale, noise), $"{what}: [{at}] is {found[at]}, "
            + $"expected {expected[at]}: off by {worst / scale:E1} of the largest value {scale}, allowed {tolerance:E0}");
    }

    /// <summary>
    /// Layers whose attention the fixture has: all that were watched, or none; these folders do have it.
    /// </summary>
    public static int AttentionLayers(string folder, TensorFile expected, Probe probe)
    {
        var layers = expected.Entries.Keys.Count(k => k.StartsWith("attention.", StringComparison.Ordinal));
        if (layers > 0 || folder is "bert" or "ernie1" or "gpt2" or "llama") Assert.Equal(probe.Attention.Count, layers);
        return layers;
    }

    /// <summary>
    /// Every gradient that the fixture has, and none that the model lacks. Some are 0 but for rounding (a bias of all
    /// keys shifts every score alike, which softmax does not see): a millionth of the largest gradient passes as that.
    /// With bfloat16 products a gradient has gone through many of them, and sums that cancel keep what each was off by:
    /// three times the bound, or three thousandths of the largest. Through four blocks of a random net that adds up so
    /// far (a logit of 17 is off by nearly 1) that single values tell nothing: there each gradient keeps its direction
    /// and length.
    /// </summary>
    public static void SameGradients(TensorFile expected, LoadedModel model, string backend)
    {
        var (tolerance, noise) = Backends.Bound(backend, 1e-3) is var bound && bound > 1e-3 ? (3 * bound, bound / 10) : (bound, 1e-6);
        noise *= expected.Entries.Values.Where(t => t.Name.StartsWith("grad.", StringComparison.Ordinal))
            .Max(t => t.Values().Max(Math.Abs));
        foreach (var w in model.Weights.Values)
        {
            var published = model.Published(w, w.Tensor.Grad);
            if (!expected.Has($"grad.{published.Name}")) continue;
            if (tolerance > 1e-3 && Blocks(model.Config) > 3)
                SameDirection($"grad.{published.Name}", expected[$"grad.{published.Name}"].Values(), Values(published));
            else
                Close($"grad.{published.Name}", expected[$"grad.{published.Name}"].Values(), Values(published), tolerance, noise);
        }
        Assert.All(expected.Entries.Keys.Where(k => k.StartsWith("grad.", StringComparison.Ordinal)),
            k => Assert.Contains(k, model.Weights.Values.Select(w => $"grad.{model.Published(w, w.Tensor).Name}")));
    }

    static void SameDirection(string what, float[] expected, float[] found)
    {
        static double Dot(float[] a, float[] b) => a.Zip(b).Sum(p => (double)p.First * p.Second);
        var (length, own) = (Math.Sqrt(Dot(expected, expected)), Math.Sqrt(Dot(found, found)));
        var cosine = Dot(expected, found) / (length * own);
        Assert.True(cosine > 0.9 && own / length is > 0.8 and < 1.25, $"{what}: cosine {cosine:F3}, {own / length:F3} of the length");
    }

    static float[] Values(TensorSource t)
    {
        using var stream = new MemoryStream();
        t.Write(stream);
        return MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray();
    }
}
