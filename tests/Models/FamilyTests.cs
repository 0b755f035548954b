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
        var p = new Pass(arena, text, 0, 6, text.Length) { SelectedRows = Pass.Every(text.Length), TokenTypes = [.. text.Select(id => id % 2)] };
        Loss(model.Net, p).Backward();
        Assert.All(model.Weights.Values, w =>
        {
            Assert.True(w.Tensor.HasGrad, $"{w.Path} has no gradient");
            var g = w.Tensor.Grad.ToArray();
            Assert.All(g, v => Assert.True(float.IsFinite(v), $"{w.Path} has the gradient {v}"));
            Assert.Contains(g, v => v != 0);
        });
    }

    /// <summary>Everything the model has a head for, as one number.</summary>
    static Tensor Loss(IModel net, Pass p)
    {
        if (net is ICausalLm causal)
        {
            var logits = causal.Forward(p);
            Assert.Equal(new Shape(text.Length, causal.Vocabulary), logits.Shape);
            return Op.CrossEntropy(logits, p.Arena.Ints([.. text.Skip(1), -100]));
        }
        var hidden = ((IEncoder)net).Forward(p);
        Assert.Equal(new Shape(text.Length, ((IEncoder)net).Width), hidden.Shape);
        var words = Op.CrossEntropy(((IMaskedLm)net).Words(hidden, p), p.Arena.Ints(text));
        return words + Op.CrossEntropy(((INextSentence)net).Follows(hidden, p), p.Arena.Ints([0, 1]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DecodingFromACacheIsTheFullForward(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        if (model.Net is not ICausalLm net) return;
        foreach (var format in new[] { DType.F32, DType.F16 })
        foreach (var (blockSize, cut) in new[] { (1, 1), (4, 3), (64, 7) })
        {
            using var cache = new KvCache(on.Backend, 64 / blockSize + 3, blockSize, format);
            var full = format == DType.F32 ? Rows(net, arena, text) : Rows(net, arena, cache);
            using var other = cache.Begin();
            using var sequence = cache.Begin();
            for (var at = 0; at < text.Length;)                       // a prompt in one piece, then token by token; another sequence takes blocks in between
            {
                var count = at == 0 ? cut : 1;
                net.Forward(new(arena, cache, (other, text.AsMemory(0, 1))));
                var row = net.Forward(new(arena, cache, (sequence, text.AsMemory(at, count)))).ToArray();
                at += count;
                Same($"token {at}, blocks of {blockSize}, {format}", full[at - 1], row, backend);
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
        var p = new Pass(arena, ids, starts) { SelectedRows = Pass.Every(ids.Length) };
        var y = net is ICausalLm causal ? causal.Forward(p) : ((IEncoder)net).Forward(p);
        return [.. y.ToArray().Chunk(y.Width)];
    }

    /// <summary>The same bits: how the work was cut must not show.</summary>
    static void Same(string what, float[] expected, float[] found, string backend)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(found[i]), $"{what} on {backend}: value {i} is {found[i]:R}, expected {expected[i]:R}");
    }
}
