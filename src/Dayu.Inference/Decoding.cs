using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// The passes of a model that answers: tokens of one or several sequences in, the logits of each one's next token out.
/// </summary>
/// <param name="model">Who answers.</param>
sealed class Decoding(Pretrained model) : IDisposable
{
    /// <summary>Prompt tokens a pass: progress and Ctrl-C in between. More take more memory, and are no faster.</summary>
    public const int Chunk = 256;

    const int LongestDefault = 8192;

    readonly ICausalLm net = model.CausalLm;
    readonly Arena arena = Unrecorded(model.On);
    float[] logits = [];

    /// <summary>A model that is being trained may answer too: its weights want gradients, its answers do not.</summary>
    static Arena Unrecorded(Backend on)
    {
        var arena = new Arena(on);
        arena.Tape.Pause();
        return arena;
    }

    /// <summary>
    /// Tokens that fit where nobody says how many: what the model was made for, as long as that takes little memory.
    /// </summary>
    public static int DefaultContext(Pretrained model) => Math.Min(model.Context, LongestDefault);

    /// <summary>Whether a prompt can be answered.</summary>
    /// <param name="prompt">Token ids.</param>
    /// <param name="context">Tokens that fit.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    /// <exception cref="TokenOutOfModelException">It has a token that the model does not.</exception>
    /// <exception cref="ContextOverflowException">It does not fit.</exception>
    public void Check(IReadOnlyList<int> prompt, int context)
    {
        if (prompt.Count == 0)
            throw new ArgumentException("the prompt is empty: there is nothing to go on from; give some text", nameof(prompt));
        if (prompt.Count >= context) throw new ContextOverflowException(prompt.Count, context);
        model.Check(prompt);
    }

    /// <summary>Reads the next tokens of sequences.</summary>
    public void Feed(KvCache cache, params ReadOnlySpan<(KvSequence Sequence, ReadOnlyMemory<int> Ids)> parts)
    {
        arena.Reset();
        var y = net.Forward(new(arena, cache, parts));               // [S, V]
        var count = parts.Length * net.Vocabulary;
        if (logits.Length < count) logits = new float[count];
        y.CopyTo(logits.AsSpan(0, count));
    }

    /// <summary>What comes next, of the last pass's sequence of that number; [V], until the next pass.</summary>
    public ReadOnlySpan<float> Logits(int sequence) => logits.AsSpan(sequence * net.Vocabulary, net.Vocabulary);

    /// <summary>Frees the activations.</summary>
    public void Dispose() => arena.Dispose();
}
