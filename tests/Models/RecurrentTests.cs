using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What recurrent nets carry from one pass to the next, in a cache or without one.</summary>
public sealed class RecurrentTests
{
    static readonly int[] text = [5, 9, 2, 60, 17, 3, 3, 41, 8, 30, 11, 7, 25, 5];

    public static TheoryData<string, string> Goldens()
    {
        var cases = new TheoryData<string, string>();
        string[] folders = [.. Fixtures.GoldenFolders("config.json", "outputs.safetensors").Where(IsRecurrent)];
        foreach (var folder in folders.DefaultIfEmpty("lstm"))
            foreach (var backend in Backends.Training) cases.Add(folder, backend);
        return cases;
    }

    static bool IsRecurrent(string folder) => Checkpoint.ReadJson(Path.Combine(Fixtures.Golden, folder, "config.json"))["model_type"]
        ?.ToString() is "rnn" or "lstm" or "gru";

    public static TheoryData<string, string> Cases =>
        new(from family in (string[])["rnn", "lstm", "gru"] from backend in Backends.Training select (family, backend));

    static LoadedModel Make(string family, Backend on, bool train = false) => LoadedModel.Create(
        JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!.AsObject(), on, seed: 7, train, gain: 2);

    /// <summary>PyTorch's last states, and what it goes on to say from them.</summary>
    [Theory, MemberData(nameof(Goldens))]
    public void StatesAreCarriedOn(string folder, string backend)
    {
        // twenty steps of bfloat16 products
        var (path, bound) = (Fixtures.GoldenOrSkip(folder), Backends.Bound(backend, 1e-4) is var one && one > 1e-4 ? 2 * one : one);
        using var on = Backends.Make(backend);
        using var model = LoadedModel.Open(path, on.Backend);
        using var arena = new Arena(on.Backend);
        using var expected = Safetensors.Open(Path.Combine(path, "outputs.safetensors"));
        var (net, batch) = (model.As<ICausalLm>(), Golden.Inputs(folder).GetProperty("input_ids").Deserialize<int[][]>()!);
        int[] Starts(int length) => [.. Enumerable.Range(0, batch.Length + 1).Select(s => s * length)];

        // handed from pass to pass
        using var states = new RecurrentStates(on.Backend);
        net.Hidden(new(arena, [.. batch.SelectMany(r => r)], Starts(batch[0].Length)) { States = states });
        Golden.Close("h", expected["state.h"].Values(), Part(0), bound);
        if (expected.Has("state.c")) Golden.Close("c", expected["state.c"].Values(), Part(1), bound);
        var next = new Pass(arena, [.. batch.SelectMany(r => r[..5])], Starts(5))
        {
            States = states,
            SelectedRows = Pass.Every(5 * batch.Length),
        };
        Golden.Close("continued", expected["logits_continued"].Values(), net.Forward(next).ToArray(), bound);

        // in a cache: a prompt in two pieces, then token by token
        using var cache = new KvCache(on.Backend, 16, 8);
        KvSequence[] sequences = [.. batch.Select(_ => cache.Begin())];
        void Read(Func<int[], int[]> part) =>
            net.Forward(new(arena, cache, [.. sequences.Zip(batch, (s, r) => (s, (ReadOnlyMemory<int>)part(r)))]));
        Read(r => r[..7]);
        Read(r => r[7..]);
        var logits = new float[5][];
        for (var t = 0; t < 5; t++)
            logits[t] = net.Forward(
                new(arena, cache, [.. sequences.Zip(batch, (s, r) => (s, (ReadOnlyMemory<int>)r[t..(t + 1)]))])).ToArray();
        var bySequence =
            from s in Enumerable.Range(0, batch.Length) from row in logits from v in row.Chunk(net.Vocabulary).ElementAt(s) select v;
        Golden.Close("token by token", expected["logits_continued"].Values(), [.. bySequence], bound);

        // [L, S, H] of h, or of c
        float[] Part(int i) => [.. states.All.SelectMany(t => Op.Slice(t, i * net.Width, net.Width).ToArray())];
    }

    /// <summary>A text in chunks: the same states and logits, bit for bit; gradients stay within a chunk.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void ChunksOfATextAreTheText(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend, train: true);
        using Arena arena = new(on.Backend), other = new(on.Backend);
        using RecurrentStates states = new(on.Backend), whole = new(on.Backend);
        var net = model.As<ICausalLm>();
        var logits = net.Forward(Two(arena, text[..7], text[7..], whole)).ToArray();
        var parts = new List<float>[] { [], [] };
        foreach (var (first, count) in new[] { (0, 3), (3, 1), (4, 3) })
        {
            var y = net.Forward(Two(other, text[first..(first + count)], text[(7 + first)..(7 + first + count)], states)).ToArray();
            for (var s = 0; s < 2; s++) parts[s].AddRange(y[(s * count * 61)..((s + 1) * count * 61)]);
        }
        Assert.Equal<float[]>(logits, [.. parts[0], .. parts[1]]);
        Assert.Equal(whole.All.Select(t => t.ToArray()), states.All.Select(t => t.ToArray()));
        Assert.Equal(2, whole.All.Count);
        Assert.Throws<ArgumentException>(() => net.Hidden(new(other, text) { States = states }));
        states.Clear();
        other.Reset();
        Assert.Equal(logits[..(3 * 61)], net.Forward(Two(other, text[..3], text[7..10], states)).ToArray()[..(3 * 61)]);
    }

    /// <summary>
    /// Chunk after chunk of a training text: blocks computed once more begin with the states that they began with.
    /// </summary>
    [Theory, MemberData(nameof(Cases))]
    public void CheckpointingChangesNoGradientOfALaterChunk(string family, string backend)
    {
        using var on = Backends.Make(backend);
        var (plain, again) = (Gradients(false), Gradients(true));
        foreach (var (path, gradient) in plain) Assert.True(gradient.SequenceEqual(again[path]), path);
        Assert.Contains(plain["rnn.weight_hh_l0"], v => v != 0);

        Dictionary<string, float[]> Gradients(bool checkpointing)
        {
            using var model = Make(family, on.Backend, train: true);
            using var arena = new Arena(on.Backend);
            using var states = new RecurrentStates(on.Backend);
            foreach (var (first, last) in new[] { (0, 4), (4, 7) })
            {
                arena.Reset();
                var p = Two(arena, text[first..last], text[(7 + first)..(7 + last)], states, checkpointing, dropout: true);
                model.Net.Loss(p, new([.. p.Ids.ToArray().Select(id => ((int)id + 1) % 61)])).Backward();
            }
            return model.Weights.Values.ToDictionary(w => w.Path, w => w.Tensor.Grad.ToArray());
        }
    }

    static Pass Two(Arena arena, int[] a, int[] b, RecurrentStates states, bool checkpointing = false, bool dropout = false) =>
        new(arena, [.. a, .. b], 0, a.Length, a.Length + b.Length)
        {
            States = states,
            SelectedRows = Pass.Every(a.Length + b.Length),
            Checkpointing = checkpointing,
            Dropout = dropout ? new(1, 2) : null,
        };

    /// <summary>
    /// The same bits on any number of threads: many sequences of many lengths, more units than a panel.
    /// </summary>
    [Theory]
    [InlineData(RecurrentCell.Rnn), InlineData(RecurrentCell.Lstm), InlineData(RecurrentCell.Gru)]
    public void ThreadsChangeNoBit(RecurrentCell cell)
    {
        const int Hidden = 200, Sequences = 24;
        int[] starts = [.. Enumerable.Range(0, Sequences + 1).Select(s => s * (s + 1) / 2)];
        float[][]? expected = null;
        foreach (var threads in new[] { 1, 2, 3, 5 })
        {
            using var on = new CpuBackend(threads);
            using var arena = new Arena(on);
            Tensor Random(params ReadOnlySpan<long> shape) => Filled(arena.New(shape));
            Tensor x = Random(starts[^1], cell.Gates * Hidden), b = Random(cell.Gates * Hidden),
                   state = Random(Sequences, cell.States * Hidden), matrix = Random(cell.Gates * Hidden, Hidden);
            foreach (var t in (Tensor[])[x, b, state, matrix]) t.NeedsGrad = true;
            var (y, last) = Op.Recurrent(cell, x, new("w", matrix), b, state, starts);
            float[][] found = [y.ToArray(), last.ToArray()];
            y.Backward(y.ToArray());
            found = [.. found, x.Grad.ToArray(), b.Grad.ToArray(), state.Grad.ToArray(), matrix.Grad.ToArray()];
            Assert.Equal(expected ??= found, found);
        }

        static Tensor Filled(Tensor t) =>
            t.Set([.. Enumerable.Range(0, (int)t.Shape.Count).Select(i => (int)(CounterRng.Mix(3, (ulong)i) % 2001) / 10_000f - 0.1f)]);
    }
}
