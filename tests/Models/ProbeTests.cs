using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Looking inside: attention of some rows, the residual stream between blocks, and what it would predict.
/// </summary>
public sealed class ProbeTests
{
    static readonly int[] text = [5, 9, 2, 60, 17, 3, 3, 41, 8, 30, 11, 7, 25];

    public static TheoryData<string, string> Cases =>
        new(from family in Families.Known from backend in Backends.Names select (family.Name, backend));

    static LoadedModel Make(string family, Backend on) =>
        LoadedModel.Create(JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!.AsObject(), on, seed: 7,
            train: false, gain: 15);

    /// <summary>Families that have attention.</summary>
    public static TheoryData<string, string> Attending =>
        new(from family in Families.Known where Attends(family.Name) from backend in Backends.Names select (family.Name, backend));

    static bool Attends(string family)
    {
        var on = new ReferenceBackend();
        using var model = Make(family, on);
        using var arena = new Arena(on);
        var probe = new Probe();
        model.Net.Hidden(new(arena, text) { Probe = probe });
        return probe.Attention.Count > 0;
    }

    [Theory, MemberData(nameof(Attending))]
    public void TheAttentionOfSomeRowsIsThatOfAll(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        int[] rows = [12, 0, 7, 5];
        Probe all = new(), some = new() { Rows = rows };
        model.Net.Hidden(new(arena, text, 0, 6, text.Length) { Probe = all });
        var plain = model.Net.Hidden(new(arena, text, 0, 6, text.Length)).ToArray();
        // the fused path, untouched
        Assert.Equal(plain, model.Net.Hidden(new(arena, text, 0, 6, text.Length) { Probe = some }).ToArray());
        Assert.Equal(all.Attention.Count, some.Attention.Count);
        foreach (var (whole, part) in all.Attention.Zip(some.Attention))
            for (var h = 0; h < whole.Heads; h++)
                for (var r = 0; r < rows.Length; r++)
                    for (var k = 0; k < whole.Keys; k++)
                        Assert.Equal(whole[h, rows[r], k], k < part.Keys ? part[h, r, k] : 0, 1e-4f);
        Assert.Equal(rows, some.Attention[0].Rows);
        Assert.Throws<ShapeException>(() => model.Net.Hidden(new(arena, text) { Probe = new() { Rows = [13] } }));
    }

    [Theory, MemberData(nameof(Cases))]
    public void TheResidualStreamIsWatchedAndChanged(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        var streams = new List<float[]>();
        var watching = new Probe
        {
            TakesAttention = false,
            Residual = (depth, x) =>
            {
                Assert.Equal(streams.Count, depth);
                streams.Add(x.ToArray());
                return x;
            },
        };
        var plain = model.Net.Hidden(new(arena, text)).ToArray();
        Assert.Equal(plain, model.Net.Hidden(new(arena, text) { Probe = watching }).ToArray());
        Assert.Equal(3, streams.Count);                               // the embeddings and two blocks
        Assert.Empty(watching.Attention);

        // the stream of another text from block 1 on: what comes out is what that text gives
        int[] other = [.. text.Reverse()];
        Tensor? patch = null;
        var taking = new Probe { TakesAttention = false, Residual = (depth, x) => depth == 1 ? patch = arena.Keep(x) : x };
        var putting = new Probe { TakesAttention = false, Residual = (depth, x) => depth == 1 ? patch! : x };
        var expected = model.Net.Hidden(new(arena, other) { Probe = taking }).ToArray();
        var patched = model.Net.Hidden(new(arena, text) { Probe = putting }).ToArray();
        Assert.Equal(expected, patched);
        Assert.NotEqual(plain, patched);
    }

    /// <summary>After the last block, the lens is the model.</summary>
    [Theory, MemberData(nameof(FamilyTests.CausalCases), MemberType = typeof(FamilyTests))]
    public void TheLensEndsInTheLogits(string family, string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Make(family, on.Backend);
        using var arena = new Arena(on.Backend);
        var net = model.As<ICausalLm>();
        var read = new List<float[]>();
        var probe = new Probe { TakesAttention = false, Residual = (_, x) => { read.Add(net.Head.Lens(x).ToArray()); return x; } };
        var logits = net.Forward(new(arena, text) { SelectedRows = Pass.Every(text.Length), Probe = probe }).ToArray();
        Assert.Equal(logits, read[^1]);
        Assert.NotEqual(logits, read[0]);

        // row by row, in pieces
        var hidden = net.Hidden(new(arena, [.. Enumerable.Repeat(text, 10).SelectMany(t => t)],
            [.. Enumerable.Range(0, 11).Select(i => i * text.Length)])
        {
            SelectedRows = Pass.Every(10 * text.Length),
        });
        var rows = new List<int>();
        net.Head.ForEach(hidden, (row, found) =>
        {
            rows.Add(row);
            Assert.Equal(logits.AsSpan(row % text.Length * net.Vocabulary, net.Vocabulary), found);
        });
        Assert.Equal(Enumerable.Range(0, 10 * text.Length), rows);
    }

    [Fact]
    public void AHeadCapsScalesAndAdds()
    {
        using var on = Backends.Make("reference");
        using var arena = new Arena(on.Backend);
        Weight w = new("w", arena.New(2, 1).Set([3f, -100])), b = new("b", arena.New(2).Set([1f, 0]));
        var head = new LmHead(w, b, Scale: 0.5f, Softcap: 30) { Norm = x => x };
        Assert.Equal(2, head.Vocabulary);
        var logits = head.Logits(arena.New(1, 1).Set([2f])).ToArray();
        Assert.Equal(2, logits.Length);
        Assert.Equal(30 * Math.Tanh(3.5 / 30), logits[0], 1e-4);
        Assert.Equal(30 * Math.Tanh(-100.0 / 30), logits[1], 1e-4);
    }
}
