using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// What must hold for every family: tiny, random, on every backend. A new family is tested by existing.
/// </summary>
public sealed class FamilyTests
{
    static readonly int[] text = [5, 9, 2, 60, 17, 3, 3, 41, 8, 30, 11, 7, 25];

    public static TheoryData<string, string> Cases() => Of(_ => true);

    /// <summary>Families that go on from a cache.</summary>
    public static TheoryData<string, string> CausalCases() => Of(net => net is ICausalLm);

    static TheoryData<string, string> Of(Func<IModel, bool> wanted)
    {
        var (cases, on) = (new TheoryData<string, string>(), new ReferenceBackend());
        foreach (var family in Families.Known)
        {
            using var model = Make(family.Name, on);
            if (!wanted(model.Net)) continue;
            foreach (var backend in Backends.Training) cases.Add(family.Name, backend);
        }
        return cases;
    }

    static LoadedModel Make(string family, Backend on, bool train = false)
    {
        var config = (JsonObject)JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!;
        return LoadedModel.Create(config, on, seed: 7, train, gain: 15);
    }

    /// <summary>Two sequences; a target for each token and each sequence.</summary>
    static readonly int[] starts = [0, 6, text.Length];
    static readonly Targets targets = new([.. text.Skip(1), -100], [0, 1]);

    static Pass Training(Arena arena, bool checkpointing = false) => new(arena, text, starts)
    {
        SelectedRows = Pass.Every(text.Length),
        TokenTypes = [.. text.Select(id => id % 2)],
        Checkpointing = checkpointing,
        Dropout = new(5, 3),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreFiniteAndReachEveryWeight(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend, train: true);
        using var arena = new Arena(on.Backend);
        model.Net.Loss(Training(arena), targets).Backward();
        Assert.All(model.Weights.Values, w =>
        {
            Assert.True(w.Tensor.HasGrad, $"{w.Path} has no gradient");
            var g = w.Tensor.Grad.ToArray();
            Assert.All(g, v => Assert.True(float.IsFinite(v), $"{w.Path} has the gradient {v}"));
            Assert.Contains(g, v => v != 0);
        });
    }

    /// <summary>Blocks computed once more in the backward pass, dropout included: the same bits.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void CheckpointingChangesNoGradient(string family, string backend)
    {
        using var on = Backends.Make(backend);
        var (plain, again) = (Gradients(false), Gradients(true));
        Assert.Equal(plain.Keys, again.Keys);
        foreach (var (path, gradient) in plain) Same(path, gradient, again[path], backend);

        Dictionary<string, float[]> Gradients(bool checkpointing)
        {
            using var model = Make(family, on.Backend, train: true);
            using var arena = new Arena(on.Backend);
            var loss = model.Net.Loss(Training(arena, checkpointing), targets);
            loss.Backward();
            Assert.Equal(0, arena.Tape.Count);
            return model.Weights.Values.ToDictionary(w => w.Path, w => w.Tensor.Grad.ToArray())
                .Append(new("loss", loss.ToArray())).ToDictionary();
        }
    }

    /// <summary>
    /// A training model that is only asked: nothing is recorded, and no more memory is taken than by one that does not
    /// train.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void APausedTapeCostsNothing(string family, string backend)
    {
        using var on = Backends.Make(backend);
        Assert.Equal(Bytes(train: false), Bytes(train: true));

        long Bytes(bool train)
        {
            using var model = Make(family, on.Backend, train);
            using var arena = new Arena(on.Backend);
            using (arena.Tape.Pause())
            {
                var loss = model.Net.Loss(Training(arena), targets);
                Assert.False(loss.NeedsGrad);
            }
            Assert.Equal(0, arena.Tape.Count);
            return arena.Bytes;
        }
    }

    [Theory]
    [MemberData(nameof(CausalCases))]
    public void DecodingFromACacheIsTheFullForward(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        var net = model.As<ICausalLm>();
        foreach (var format in new[] { DType.F32, DType.F16 })
            foreach (var (blockSize, cut) in new[] { (1, 1), (4, 3), (64, 7) })
            {
                using var cache = new KvCache(on.Backend, 64 / blockSize + 3, blockSize, format);
                var full = format == DType.F32 ? Rows(net, arena, text) : Rows(net, arena, cache);
                using var other = cache.Begin();
                using var sequence = cache.Begin();
                // a prompt in one piece, then token by token; another sequence takes blocks in between
                for (var at = 0; at < text.Length;)
                {
                    var count = at == 0 ? cut : 1;
                    arena.Reset();
                    net.Forward(new(arena, cache, (other, text.AsMemory(0, 1))));
                    var row = net.Forward(new(arena, cache, (sequence, text.AsMemory(at, count)))).ToArray();
                    at += count;
                    Same($"token {at}, blocks of {blockSize}, {format}", full[at - 1], row, backend);
                }
                if (!sequence.CanTruncate)                            // a recurrent layer's state knows no earlier token
                {
                    Throws.Saying<InvalidOperationException>("cannot go back to 5", () => sequence.Truncate(5));
                    continue;
                }
                sequence.Truncate(5);
                Same("after going back", full[5], net.Forward(new(arena, cache, (sequence, text.AsMemory(5, 1)))).ToArray(), backend);
            }
    }

    /// <summary>Sequences that begin alike share what they begin with, and each goes on as if it were alone.</summary>
    [Theory]
    [MemberData(nameof(CausalCases))]
    public void AForkGoesOnAsTheWhole(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        var net = model.As<ICausalLm>();
        int[] other = [.. text[..7], 44, 2, 19];
        float[][] full = Rows(net, arena, text), otherFull = Rows(net, arena, other);
        using var cache = new KvCache(on.Backend, 16, 4, DType.F32);
        using var first = cache.Begin();
        net.Forward(new(arena, cache, (first, text.AsMemory(0, 7))));
        using var second = first.Fork();
        Assert.Equal(16 - 2, cache.FreeBlocks);                       // stored once
        for (var at = 7; at < other.Length; at++)
        {
            var rows = net.Forward(new(arena, cache, (first, text.AsMemory(at, 1)), (second, other.AsMemory(at, 1))))
                .ToArray().Chunk(net.Vocabulary).ToArray();
            Same($"the first at {at}", full[at], rows[0], backend);
            Same($"its fork at {at}", otherFull[at], rows[1], backend);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ABatchIsItsSequencesOneByOne(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        var together = Rows(model.Net, arena, text, 0, 1, 4, 9, text.Length);
        var start = 0;
        foreach (var end in new[] { 1, 4, 9, text.Length })
        {
            Same($"the sequence that ends at {end}", Rows(model.Net, arena, text[start..end])[^1], together[end - 1], backend);
            start = end;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void SavedAndLoadedIsTheSame(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        var folder = Directory.CreateTempSubdirectory("dayu-test-").FullName;
        try
        {
            model.Save(folder);
            using var checkpoint = Checkpoint.Open(folder);
            using var loaded = LoadedModel.Load(checkpoint, on.Backend);
            Assert.Equal(model.Weights.Keys.Order(), loaded.Weights.Keys.Order());
            Assert.All(model.Weights.Values, w => Assert.Equal(w.Tensor.ToArray(), loaded.Weights[w.Path].Tensor.ToArray()));
            Assert.Equal(Rows(model.Net, arena, text), Rows(loaded.Net, arena, text));
        }
        finally { Directory.Delete(folder, true); }
    }

    /// <summary>The same, all at once through a cache, which rounds.</summary>
    static float[][] Rows(ICausalLm net, Arena arena, KvCache cache)
    {
        using var sequence = cache.Begin();
        var y = net.Forward(new(arena, cache, (sequence, text)) { SelectedRows = Pass.Every(text.Length) });
        return [.. y.ToArray().Chunk(y.Width)];
    }

    /// <summary>What the model says of every token: logits, or hidden states.</summary>
    static float[][] Rows(IModel net, Arena arena, int[] ids, params int[] starts)
    {
        arena.Reset();
        var p = new Pass(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) };
        var y = net is ICausalLm causal ? causal.Forward(p) : net.Hidden(p);
        return [.. y.ToArray().Chunk(y.Width)];
    }

    /// <summary>The same bits: how the work was cut must not show.</summary>
    static void Same(string what, float[] expected, float[] found, string backend)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(found[i]), $"{what} on {backend}: value {i} is {found[i]:R}, expected {expected[i]:R}");
    }
}
