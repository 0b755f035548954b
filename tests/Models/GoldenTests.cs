using System.Runtime.InteropServices;
using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Tiny checkpoints of every family against the numbers of PyTorch and Transformers: one case a folder and backend, found by listing.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var folder in Fixtures.GoldenFolders("config.json", "outputs.safetensors"))
            foreach (var backend in Backends.Names) cases.Add(folder, backend);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LogitsLossGradientsAttentionAndGreedyOutput(string folder, string backend)
    {
        var path = Fixtures.GoldenOrSkip(folder);
        var config = Checkpoint.ReadJson(Path.Combine(path, "config.json"));
        if (!Known(config)) Assert.Skip($"golden/{folder}: the family '{config["model_type"]}' is not known yet");
        using var on = Backends.Make(backend);
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on.Backend, train: true);
        using var arena = new Arena(on.Backend);
        var net = model.As<ICausalLm>();
        using var expected = Safetensors.Open(Path.Combine(path, "outputs.safetensors"));
        var inputs = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(path, "inputs.json"))).RootElement;
        var batch = inputs.GetProperty("input_ids").Deserialize<int[][]>()!;
        int[] ids = [.. batch.SelectMany(r => r)], starts = [.. Enumerable.Range(0, batch.Length + 1).Select(b => b * batch[0].Length)];

        // attention weights, by the composed path
        var probe = new Probe();
        var logits = net.Forward(new(arena, ids, starts) { Wanted = Pass.Every(ids.Length), Probe = probe }).ToArray();
        Close("logits with a probe", expected["logits"].Values(), logits, 1e-4);
        for (var l = 0; expected.Has($"attention.{l}"); l++) Close($"attention.{l}", expected[$"attention.{l}"].Values(), ByBatch(probe.Attention[l], batch.Length), 1e-4);

        // logits, loss and gradients, by the fused path
        var pass = new Pass(arena, ids, starts) { Wanted = Pass.Every(ids.Length) };
        var y = net.Forward(pass);
        Close("logits", expected["logits"].Values(), y.ToArray(), 1e-4);
        var labels = inputs.TryGetProperty("labels", out var given) ? given.Deserialize<int[][]>()! : batch;
        int[] targets = [.. labels.SelectMany(r => r.Skip(1).Append(-100))];
        var loss = Op.CrossEntropy(y, arena.Ints(targets));
        Close("loss", expected["loss"].Values(), loss.ToArray(), 1e-4);
        loss.Backward();
        foreach (var w in model.Weights.Values)
        {
            var published = model.Published(w, w.Tensor.Grad);
            if (expected.Has($"grad.{published.Name}")) Close($"grad.{published.Name}", expected[$"grad.{published.Name}"].Values(), Values(published), 1e-3);
        }
        Assert.All(expected.Entries.Keys.Where(k => k.StartsWith("grad.", StringComparison.Ordinal)),
            k => Assert.Contains(k, model.Weights.Values.Select(w => $"grad.{model.Published(w, w.Tensor).Name}")));

        // greedy continuation, token by token from a cache
        var prompt = inputs.GetProperty("greedy_prompt").Deserialize<int[]>()!;
        var output = inputs.GetProperty("greedy_output").Deserialize<int[]>()!;
        using var cache = new KvCache(on.Backend, 16, 5);
        using var sequence = cache.Begin();
        ReadOnlyMemory<int> next = prompt;
        foreach (var id in output)
        {
            var row = net.Forward(new(arena, cache, (sequence, next))).ToArray();
            Assert.Equal(id, Array.IndexOf(row, row.Max()));
            next = new[] { id };
        }
    }

    static bool Known(System.Text.Json.Nodes.JsonObject config)
    {
        try { return Families.Of(config) is not null; }
        catch (NotSupportedException) { return false; }
    }

    /// <summary>[H, B·T, T] → [B, H, T, T].</summary>
    static float[] ByBatch(AttentionWeights w, int batch)
    {
        var rows = w.Queries / batch;
        var y = new float[w.Values.Length];
        for (var b = 0; b < batch; b++)
            for (var h = 0; h < w.Heads; h++)
                w.Values.AsSpan((h * w.Queries + b * rows) * w.Keys, rows * w.Keys).CopyTo(y.AsSpan((b * w.Heads + h) * rows * w.Keys));
        return y;
    }

    static float[] Values(TensorSource t)
    {
        using var stream = new MemoryStream();
        t.Write(stream);
        return MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray();
    }

    /// <summary>Differences are measured against the tensor's largest absolute value (the fixtures' README).</summary>
    static void Close(string what, float[] expected, float[] found, double tolerance)
    {
        Assert.True(expected.Length == found.Length, $"{what}: {found.Length} values, expected {expected.Length}");
        var (scale, worst, at) = (expected.Max(Math.Abs), 0.0, 0);
        for (var i = 0; i < expected.Length; i++)
            if (Math.Abs(expected[i] - found[i]) is var d && !(d <= worst)) (worst, at) = (d, i);
        Assert.True(worst <= tolerance * scale, $"{what}: [{at}] is {found[at]}, expected {expected[at]}: off by {worst / scale:E1} of the largest value {scale}, allowed {tolerance:E0}");
    }
}
