using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Inference;

/// <summary>
/// One text that grows: a conversation, or a single answer. What was computed is kept, so that a prompt that goes on from the last one is not read again.
/// One thread at a time.
/// </summary>
/// <param name="model">Who answers.</param>
/// <param name="context">Tokens that fit; null: the model's own limit, up to 8,192.</param>
/// <param name="clock">Measures times.</param>
/// <param name="cache">Number format in which what was computed is kept (see <see cref="KvCache"/>); null: the one the backend likes.</param>
public sealed class Session(TextModel model, int? context = null, TimeProvider? clock = null, DType? cache = null) : IDisposable
{
    /// <summary>Prompt tokens a pass: progress and Ctrl-C in between. More take more memory, and are no faster.</summary>
    internal const int Chunk = 256;

    readonly TimeProvider clock = clock ?? TimeProvider.System;
    readonly Arena arena = new(model.Model.On);
    readonly List<int> held = [];                                    // the tokens whose keys and values are in the cache
    KvCache? kept;
    KvSequence? sequence;
    float[] logits = [];

    /// <summary>Tokens that fit.</summary>
    public int Context { get; } = context ?? Math.Min(model.Net.Context, 8192);

    /// <summary>How the last answer came about; null before it has ended.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>Answers a prompt.</summary>
    /// <param name="prompt">Token ids.</param>
    /// <param name="settings">What is wanted.</param>
    /// <param name="reading">Told how many prompt tokens are read, of how many.</param>
    /// <param name="cancel">Ends the answer; it stays as far as it got.</param>
    /// <exception cref="ContextOverflowException">The prompt does not fit.</exception>
    public IEnumerable<Piece> Answer(IReadOnlyList<int> prompt, GenerationSettings settings, Action<int, int>? reading = null, CancellationToken cancel = default)
    {
        if (prompt.Count == 0) throw new ArgumentException("the prompt is empty: there is nothing to go on from; give some text", nameof(prompt));
        if (prompt.Count >= Context) throw new ContextOverflowException(prompt.Count, Context);
        foreach (var id in prompt)
            if ((uint)id >= (uint)model.Net.Vocabulary) throw new ArgumentOutOfRangeException(nameof(prompt), $"token {id} is none of this model's: it has 0 to {model.Net.Vocabulary - 1}");
        Outcome = null;
        return Run(prompt, settings, new(settings.Sampler), reading, cancel);
    }

    IEnumerable<Piece> Run(IReadOnlyList<int> prompt, GenerationSettings settings, Sampler sampler, Action<int, int>? reading, CancellationToken cancel)
    {
        var (start, cached) = (clock.GetTimestamp(), Reuse(prompt));
        var (text, stops) = (new StreamingDecoder(model.Tokenizer, after: prompt[^1]), new StopMatcher(settings.Stop));
        var (tokens, limit) = (0, Math.Min(settings.MaxTokens ?? int.MaxValue, Context - prompt.Count));
        TimeSpan prefill = default, first = default;
        FinishReason? reason = Read(prompt, cached, reading, cancel) ? null : FinishReason.Cancelled;
        if (limit <= 0) reason ??= FinishReason.Length;
        prefill = clock.GetElapsedTime(start);
        sampler.Saw([.. prompt]);
        while (reason is null)
        {
            var id = sampler.Next(logits);
            if (tokens == 0) first = clock.GetElapsedTime(start);
            if (model.Ends(id)) { reason = FinishReason.Stop; break; }
            tokens++;
            var shown = stops.Push(text.Push(id));
            yield return new([id], shown, settings.LogProbs is { } top ? [TokenLogProb.Of(logits, id, top)] : []);
            if (stops.Stopped) reason = FinishReason.Stop;
            else if (tokens >= limit) reason = FinishReason.Length;
            else if (cancel.IsCancellationRequested) reason = FinishReason.Cancelled;
            else Feed([id]);
        }
        var rest = stops.Push(text.Flush()) + stops.Flush();
        Outcome = new(reason.Value, prompt.Count, cached, tokens, first, prefill, clock.GetElapsedTime(start) - first);
        if (rest.Length > 0) yield return new([], rest, []);
    }

    /// <summary>Keeps what the prompt begins with; at least its last token is computed, for its logits.</summary>
    int Reuse(IReadOnlyList<int> prompt)
    {
        kept ??= KvCache.ForOne(model.Model.On, Context, cache);
        sequence ??= kept.Begin();
        var n = 0;
        while (n < held.Count && n < prompt.Count - 1 && held[n] == prompt[n]) n++;
        sequence.Truncate(n);
        held.RemoveRange(n, held.Count - n);
        return n;
    }

    bool Read(IReadOnlyList<int> prompt, int from, Action<int, int>? reading, CancellationToken cancel)
    {
        for (var at = from; at < prompt.Count; at += Chunk)
        {
            if (cancel.IsCancellationRequested) return false;
            reading?.Invoke(at - from, prompt.Count - from);
            var part = new int[Math.Min(Chunk, prompt.Count - at)];
            for (var i = 0; i < part.Length; i++) part[i] = prompt[at + i];
            Feed(part);
        }
        reading?.Invoke(prompt.Count - from, prompt.Count - from);
        return true;
    }

    void Feed(int[] ids)
    {
        arena.Reset();
        var y = model.Net.Forward(new(arena, kept!, (sequence!, ids)));   // [1, V]
        if (logits.Length != y.Width) logits = new float[y.Width];
        y.CopyTo(logits);
        held.AddRange(ids);
    }

    /// <summary>Frees the cache.</summary>
    public void Dispose()
    {
        kept?.Dispose();
        arena.Dispose();
    }
}
