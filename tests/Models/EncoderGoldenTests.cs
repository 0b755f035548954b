using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Tiny encoders against Transformers: hidden states, heads, attention, loss and every gradient. Padding is left out,
/// where the fixture has it: packed sequences have none.
/// </summary>
public sealed class EncoderGoldenTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var folder in Fixtures.GoldenFolders("config.json", "outputs.safetensors").Where(Golden.IsEncoder).DefaultIfEmpty("bert"))
            foreach (var backend in Backends.Training) cases.Add(folder, backend);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void HiddenStatesHeadsAttentionLossAndGradients(string folder, string backend)
    {
        var path = Fixtures.GoldenOrSkip(folder);
        Golden.SkipUnlessKnown(Checkpoint.ReadJson(Path.Combine(path, "config.json")), folder);
        var bound = Backends.Bound(backend, 1e-4);
        using var on = Backends.Make(backend);
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on.Backend, train: true);
        using var arena = new Arena(on.Backend);
        using var expected = Safetensors.Open(Path.Combine(path, "outputs.safetensors"));
        var batch = new Batch(Golden.Inputs(folder));
        var net = model.As<IEncoder>();

        var probe = new Probe();
        net.Hidden(new(arena, batch.Ids, batch.Starts) { TokenTypes = batch.TokenTypes, Probe = probe });
        for (var l = 0; l < Golden.AttentionLayers(folder, expected, probe); l++)
            SameAttention($"attention.{l}", expected[$"attention.{l}"], probe.Attention[l], batch, bound);

        var pass = new Pass(arena, batch.Ids, batch.Starts) { TokenTypes = batch.TokenTypes, SelectedRows = Pass.Every(batch.Ids.Length) };
        var hidden = net.Hidden(pass);
        if (expected.Has("last_hidden_state"))
            Golden.Close("last_hidden_state", batch.Kept(expected["last_hidden_state"]), hidden.ToArray(), bound);
        Tensor? loss = null;
        if (net is IMaskedLm lm)
        {
            var words = lm.Words(hidden, pass);
            Golden.Close("logits", batch.Kept(expected["logits"]), words.ToArray(), bound);
            loss = Op.CrossEntropy(words, arena.Ints([.. batch.Keep(batch.Rows("labels"))]));
        }
        if (net is INextSentence pair)
        {
            var follows = pair.Follows(hidden, pass);
            Golden.Close("nsp_logits", expected["nsp_logits"].Values(), follows.ToArray(), bound);
            var next = Op.CrossEntropy(follows, arena.Ints(batch.Inputs.GetProperty("next_sentence_label").Deserialize<int[]>()!));
            loss = loss is null ? next : loss + next;
        }
        if (net is IClassifier classifier)
        {
            var classes = classifier.Classify(hidden, pass);
            Golden.Close("logits", expected["logits"].Values(), classes.ToArray(), bound);
            loss = Op.CrossEntropy(classes, arena.Ints(batch.Inputs.GetProperty("labels").Deserialize<int[]>()!));
        }
        Golden.Close("loss", expected["loss"].Values(), loss!.ToArray(), bound);
        loss.Backward();
        Golden.SameGradients(expected, model, backend);
    }

    static void SameAttention(string what, TensorEntry expected, AttentionWeights found, Batch batch, double bound)
    {
        var (all, width) = (expected.Values(), (int)expected.Shape[^1]);
        for (var s = 0; s < batch.Lengths.Length; s++)
            for (var h = 0; h < found.Heads; h++)
                for (var q = 0; q < batch.Lengths[s]; q++)
                    Golden.Close($"{what}, sequence {s}, head {h}, query {q}",
                        all[(((s * found.Heads + h) * width + q) * width)..][..batch.Lengths[s]],
                        [.. Enumerable.Range(0, batch.Lengths[s]).Select(k => found[h, batch.Starts[s] + q, k])], bound);
    }

    /// <summary>A fixture's batch, packed.</summary>
    sealed class Batch(JsonElement inputs)
    {
        public JsonElement Inputs => inputs;

        public int[] Lengths { get; } = [.. inputs.GetProperty("attention_mask").Deserialize<int[][]>()!.Select(r => r.Sum())];

        public int[] Starts => [0, .. Lengths.Select((_, s) => Lengths.Take(s + 1).Sum())];

        public int[] Ids => [.. Keep(Rows("input_ids"))];

        public int[]? TokenTypes => inputs.TryGetProperty("token_type_ids", out _) ? [.. Keep(Rows("token_type_ids"))] : null;

        public int[][] Rows(string name) => inputs.GetProperty(name).Deserialize<int[][]>()!;

        public IEnumerable<T> Keep<T>(T[][] rows) => rows.SelectMany((r, s) => r.Take(Lengths[s]));

        /// <summary>The rows [B, T, …] of what is no padding.</summary>
        public float[] Kept(TensorEntry t)
        {
            var rows = t.Values().Chunk((int)t.Shape[2]);
            return [.. Keep([.. rows.Chunk((int)t.Shape[1])]).SelectMany(row => row)];
        }
    }
}
