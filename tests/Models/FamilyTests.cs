using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What must hold for every family: tiny, random, on every backend. A new family is tested by existing.</summary>
public sealed class FamilyTests
{
    static readonly int[] text = [5, 9, 2, 60, 17, 3, 3, 41, 8, 30, 11, 7, 25];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var family in Families.Known)
            foreach (var backend in Backends.Names) cases.Add(family.Name, backend);
        return cases;
    }

    static LoadedModel Make(string family, Backend on, bool train = false) =>
        LoadedModel.Create((JsonObject)JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!, on, seed: 7, train, spread: 0.3f);

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreFiniteAndReachEveryWeight(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend, train: true);
        using var arena = new Arena(on.Backend);
        if (model.Net is not ICausalLm net) return;
        var logits = net.Forward(new(arena, text, 0, 6, text.Length) { Wanted = Pass.Every(text.Length) });
        Assert.Equal(new Shape(text.Length, net.Vocabulary), logits.Shape);
        Op.CrossEntropy(logits, arena.Ints([.. text.Skip(1), -100])).Backward();
        Assert.All(model.Weights.Values, w =>
        {
            Assert.True(w.Tensor.HasGrad, $"{w.Path} has no gradient");
            var g = w.Tensor.Grad.ToArray();
            Assert.All(g, v => Assert.True(float.IsFinite(v), $"{w.Path} has the gradient {v}"));
            Assert.Contains(g, v => v != 0);
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DecodingFromACacheIsTheFullForward(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        if (model.Net is not ICausalLm net) return;
        var full = Logits(net, arena, text);
        foreach (var (blockSize, cut) in new[] { (1, 1), (4, 3), (64, 7) })
        {
            using var cache = new KvCache(on.Backend, 64 / blockSize + 3, blockSize);
            using var other = cache.Begin();
            using var sequence = cache.Begin();
            for (var at = 0; at < text.Length;)                       // a prompt in one piece, then token by token; another sequence takes blocks in between
            {
                var count = at == 0 ? cut : 1;
                net.Forward(new(arena, cache, (other, text.AsMemory(0, 1))));
                var row = net.Forward(new(arena, cache, (sequence, text.AsMemory(at, count)))).ToArray();
                at += count;
                Same($"token {at}, blocks of {blockSize}", full[at - 1], row, backend);
            }
            sequence.Truncate(5);
            Same("after going back", full[5], net.Forward(new(arena, cache, (sequence, text.AsMemory(5, 1)))).ToArray(), backend);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ABatchIsItsSequencesOneByOne(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        if (model.Net is not ICausalLm net) return;
        var together = net.Forward(new(arena, text, 0, 1, 4, 9, text.Length)).ToArray();
        var (row, start) = (0, 0);
        foreach (var end in new[] { 1, 4, 9, text.Length })
        {
            Same($"sequence {row}", Logits(net, arena, text[start..end])[^1], together[(row * net.Vocabulary)..((row + 1) * net.Vocabulary)], backend);
            (row, start) = (row + 1, end);
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
            if (model.Net is ICausalLm net) Assert.Equal(Logits(net, arena, text), Logits(loaded.As<ICausalLm>(), arena, text));
        }
        finally { Directory.Delete(folder, true); }
    }

    static float[][] Logits(ICausalLm net, Arena arena, int[] ids)
    {
        var all = net.Forward(new(arena, ids) { Wanted = Pass.Every(ids.Length) }).ToArray();
        return [.. all.Chunk(net.Vocabulary)];
    }

    /// <summary>The same bits: how the work was cut must not show.</summary>
    static void Same(string what, float[] expected, float[] found, string backend)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(found[i]), $"{what} on {backend}: logit {i} is {found[i]:R}, expected {expected[i]:R}");
    }
}
