using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Tiny checkpoints of every causal family against the numbers of PyTorch and Transformers: one case a folder and
/// backend, found by listing.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var folder in Fixtures.GoldenFolders("config.json", "outputs.safetensors").Where(Golden.IsCausal))
            foreach (var backend in Backends.Training) cases.Add(folder, backend);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LogitsLossGradientsAttentionAndGreedyOutput(string folder, string backend)
    {
        var path = Fixtures.GoldenOrSkip(folder);
        var config = Checkpoint.ReadJson(Path.Combine(path, "config.json"));
        Golden.SkipUnlessKnown(config, folder);
        var bound = Golden.Bound(backend, config);
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
        var logits = net.Forward(new(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length), Probe = probe }).ToArray();
        Golden.Close("logits with a probe", expected["logits"].Values(), logits, bound);
        for (var l = 0; l < Golden.AttentionLayers(folder, expected, probe); l++)
            Golden.Close($"attention.{l}", expected[$"attention.{l}"].Values(), ByBatch(probe.Attention[l], batch.Length), bound);

        // logits, loss and gradients, by the fused path
        var pass = new Pass(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) };
        var y = net.Forward(pass);
        Golden.Close("logits", expected["logits"].Values(), y.ToArray(), bound);
        var labels = inputs.TryGetProperty("labels", out var given) ? given.Deserialize<int[][]>()! : batch;
        int[] targets = [.. labels.SelectMany(r => r.Skip(1).Append(-100))];
        var loss = Op.CrossEntropy(y, arena.Ints(targets));
        Golden.Close("loss", expected["loss"].Values(), loss.ToArray(), bound);
        loss.Backward();
        Golden.SameGradients(expected, model, backend);

        // greedy continuation, token by token from a cache, where the fixture has one
        if (!inputs.TryGetProperty("greedy_prompt", out var asked)) return;
        var prompt = asked.Deserialize<int[]>()!;
        var output = inputs.GetProperty("greedy_output").Deserialize<int[]>()!;
        using var paused = arena.Tape.Pause();
        using var cache = new KvCache(on.Backend, 16, 5);
        using var sequence = cache.Begin();
        ReadOnlyMemory<int> next = prompt;
        foreach (var id in output)
        {
            var row = net.Forward(new(arena, cache, (sequence, next))).ToArray();
            if (bound <= 1e-4) Assert.Equal(id, Array.IndexOf(row, row.Max()));
            else Assert.True(row.Max() - row[id] <= bound * row.Max(Math.Abs), $"token {id} is {row.Max() - row[id]} below the best");
            next = new[] { id };
        }
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
}
