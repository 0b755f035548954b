using System.Runtime.InteropServices;
using Dayu.Models;
using Dayu.Tensors;

namespace OwnModel;

/// <summary>
/// A language model of gated convolutions: each layer looks at a token and at one further back, twice as far in each layer, and a gate
/// decides what passes. Dauphin et al. 2016, arXiv:1612.08083 (gates); van den Oord et al. 2016, arXiv:1609.03499 (dilation).
/// Trained to predict the token after next as well: Gloeckle et al. 2024, arXiv:2404.19737. T tokens, C width, V vocabulary.
/// </summary>
/// <param name="vocabulary">V.</param>
/// <param name="width">C.</param>
/// <param name="layers">L; it sees 2ᴸ tokens.</param>
/// <param name="context">The longest sequence.</param>
/// <param name="w">The root of the weights.</param>
sealed class GatedConv(int vocabulary, int width, int layers, int context, Weights w) : ICausalLm
{
    const float Further = 0.5f;                                      // what the token after next weighs in the loss

    readonly Embedding tokens = new(w["tokens"], vocabulary, width);
    readonly Layer[] stack = [.. Enumerable.Range(0, layers).Select(i => new Layer(w["layers"][i], width, 1 << i))];
    readonly RmsNorm norm = new(w["norm"], width, 1e-6f);
    readonly Linear next = new(w["next"], width, vocabulary), afterNext = new(w["after_next"], width, vocabulary);

    public int Context => context;

    public int Width => width;

    public LmHead Head => field ??= new(next.Weight) { Norm = norm.Forward };

    LmHead FurtherHead => field ??= new(afterNext.Weight) { Norm = norm.Forward };

    public Tensor Hidden(Pass p)
    {
        var (x, places) = (tokens[p.Ids], Places(p));                // [T, C]
        foreach (var layer in stack) x = layer.Forward(x, places, p.Arena);
        return norm.Forward(p.Select(x));                            // [R, C]
    }

    /// <summary>The loss of its own: while it learns, two tokens ahead; measured, the next one alone, as other models are.</summary>
    public Tensor Loss(Pass p, Targets targets)
    {
        var (h, recorded) = (Hidden(p), p.Arena.Tape.IsRecording);
        return recorded ? Head.Loss(h, targets) + FurtherHead.Loss(h, AfterNext(targets, Places(p))) : Head.Loss(h, targets);
    }

    /// <summary>Each row's target is that of the row behind it, where that is of the same sequence.</summary>
    static Targets AfterNext(Targets of, int[] places)
    {
        var (tokens, weights) = (of.TokensOrThrow, of.Weights ?? throw new ArgumentException("give each target its weight"));
        var behind = Enumerable.Range(1, tokens.Length).Select(i => i < tokens.Length && places[i] > 0 ? tokens[i] : Op.Ignored);
        return of with { Tokens = [.. behind], Weights = Array.ConvertAll(weights, x => x * Further) };
    }

    /// <summary>Where each token stands in its sequence, from 0.</summary>
    static int[] Places(Pass p)
    {
        var places = new int[p.Ids.Width];
        p.Arena.On.Download(p.Positions.Address, MemoryMarshal.AsBytes(places.AsSpan()));
        return places;
    }

    /// <summary>x + tanh(a) ⊙ σ(b), where a and b are products with the token and with the one so far back.</summary>
    sealed class Layer(Weights w, int width, int back)
    {
        readonly RmsNorm norm = new(w["norm"], width, 1e-6f);
        readonly Linear signal = new(w["signal"], 2 * width, width, bias: true), gate = new(w["gate"], 2 * width, width, bias: true);

        public Tensor Forward(Tensor x, int[] places, Arena arena)   // [T, C] → [T, C]
        {
            int[] rows = [.. places.Select((place, t) => t - Math.Min(back, place))];    // before a sequence stands its first token
            var h = norm.Forward(x);
            var (a, b) = Linear.Forward(Op.Concat(h, Op.Gather(h, arena.Ints(rows))), signal, gate);
            return x + Op.Tanh(a) * Op.Sigmoid(b);
        }
    }

    /// <summary>Makes the family known: from here on it is created, saved, opened and trained like those that come along.</summary>
    public static void Register() => Families.Add(new("gated_conv", ["GatedConvForCausalLM"])
    {
        Make = (c, w) => new GatedConv((int)c["vocab_size"]!, (int)c["hidden_size"]!, (int)c["num_layers"]!, (int)c["max_positions"]!, w),
        Example = """
            { "architectures": ["GatedConvForCausalLM"], "vocab_size": 61, "hidden_size": 16, "num_layers": 2, "max_positions": 32 }
            """,
    });
}
