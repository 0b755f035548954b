using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// One text that grows: a conversation, or a single answer. What was computed is kept, so that a prompt that goes on
/// from the last one is not read again. One thread at a time.
/// </summary>
/// <param name="model">Who answers.</param>
/// <param name="context">Tokens that fit; null: the model's own limit, up to 8,192.</param>
/// <param name="clock">Measures times.</param>
/// <param name="cache">Number format in which what was computed is kept (see <see cref="KvCache"/>); null: the one the
/// backend likes.</param>
/// <exception cref="NotSupportedException">The model does not go on with texts.</exception>
public sealed class Session(Pretrained model, int? context = null, TimeProvider? clock = null, DType? cache = null) : IDisposable
{
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    readonly Decoding decoding = new(model);
    KvCache? kept;
    HeldTokens? held;

    /// <summary>Tokens that fit.</summary>
    public int Context { get; } = context ?? Decoding.DefaultContext(model);

    /// <summary>How the last answer came about; null before it has ended.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>Answers a prompt.</summary>
    /// <param name="prompt">Token ids.</param>
    /// <param name="settings">What is wanted.</param>
    /// <param name="reading">Told how many prompt tokens are read, of how many.</param>
    /// <param name="cancel">Ends the answer; it stays as far as it got.</param>
    /// <exception cref="ArgumentException">The prompt is empty.</exception>
    /// <exception cref="TokenOutOfModelException">It has a token that the model does not.</exception>
    /// <exception cref="ContextOverflowException">The prompt does not fit.</exception>
    /// <exception cref="NonFiniteLogitsException">While it answers: the model computed no numbers.</exception>
    public IEnumerable<Piece> Answer(
        IReadOnlyList<int> prompt, GenerationSettings settings, Action<int, int>? reading = null, CancellationToken cancel = default)
    {
        decoding.Check(prompt, Context);
        Outcome = null;
        return Run(prompt, new(model.Text, prompt, settings, Context - prompt.Count), reading, cancel);
    }

    IEnumerable<Piece> Run(IReadOnlyList<int> prompt, Generation answer, Action<int, int>? reading, CancellationToken cancel)
    {
        var (start, first) = (clock.GetTimestamp(), (TimeSpan?)null);
        held ??= new(decoding, kept = KvCache.ForOne(model.On, Context, cache));
        var cached = held.Reuse(prompt);
        if (!held.Read(prompt, reading, cancel)) answer.Cancel();
        var prefill = clock.GetElapsedTime(start);
        while (answer.Reason is null)
        {
            var piece = answer.Next(decoding.Logits(0));
            first ??= clock.GetElapsedTime(start);
            if (piece is not null) yield return piece;
            if (answer.Reason is null && cancel.IsCancellationRequested) answer.Cancel();
            if (answer.Reason is null) held.Feed([answer.Last]);
        }
        var rest = answer.Rest();
        var (all, toFirst) = (clock.GetElapsedTime(start), first ?? TimeSpan.Zero);
        Outcome = new(answer.Reason.Value, prompt.Count, cached, answer.Tokens, toFirst, prefill, all - toFirst);
        if (rest is not null) yield return rest;
    }

    /// <summary>Frees the cache.</summary>
    public void Dispose()
    {
        kept?.Dispose();
        decoding.Dispose();
    }
}
