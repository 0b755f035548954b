using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>A prompt that is to be answered.</summary>
/// <param name="Prompt">Token ids.</param>
/// <param name="Settings">What is wanted of the answer.</param>
public sealed record AnswerRequest(IReadOnlyList<int> Prompt, GenerationSettings Settings);

/// <summary>A piece of one of several answers.</summary>
/// <param name="Index">Which request's.</param>
/// <param name="Piece">The piece.</param>
/// <param name="Reason">Why the answer has ended with it; null: it goes on.</param>
public readonly record struct AnswerPiece(int Index, Piece Piece, FinishReason? Reason);

/// <summary>
/// Several answers at a time, a token of each in one pass: the weights are read once for all of them. An answer's bits
/// are those that it would have alone. What a prompt begins with as the one before it did is read and stored once. One
/// thread at a time.
/// </summary>
/// <param name="model">Who answers.</param>
/// <param name="together">Answers at a time.</param>
/// <param name="context">Tokens that fit, of each; null: the model's own limit, up to 8,192.</param>
/// <param name="cache">Number format of keys and values; null: the one the backend likes.</param>
/// <exception cref="NotSupportedException">The model does not go on with texts.</exception>
public sealed class LockStep(Pretrained model, int together, int? context = null, DType? cache = null) : IDisposable
{
    const int BlockSize = 32;

    readonly Decoding decoding = new(model);

    /// <summary>Answers at a time.</summary>
    public int Together { get; } = together > 0 ? together
        : throw new ArgumentOutOfRangeException(nameof(together), together, "answers at a time must be 1 or more");

    /// <summary>Tokens that fit, of each answer with its prompt.</summary>
    public int Context { get; } = context ?? Decoding.DefaultContext(model);

    /// <summary>Answers requests in their order, as many at a time as may be.</summary>
    /// <param name="requests">What is asked.</param>
    /// <param name="cancel">Ends all answers; they stay as far as they got, and those that had not begun are empty.</param>
    /// <returns>Pieces of all answers, as they come; the last of each says why it ended.</returns>
    /// <exception cref="ArgumentException">A prompt is empty.</exception>
    /// <exception cref="TokenOutOfModelException">A prompt has a token that the model does not.</exception>
    /// <exception cref="ContextOverflowException">A prompt does not fit.</exception>
    public IEnumerable<AnswerPiece> Answer(IReadOnlyList<AnswerRequest> requests, CancellationToken cancel = default)
    {
        foreach (var r in requests) decoding.Check(r.Prompt, Context);
        return Run(requests, cancel);
    }

    IEnumerable<AnswerPiece> Run(IReadOnlyList<AnswerRequest> requests, CancellationToken cancel)
    {
        using var kept = Room(requests);
        using var prompts = new HeldTokens(decoding, kept);
        List<Live> live = [];
        for (var next = 0; live.Count > 0 || next < requests.Count;)
        {
            while (live.Count < Together && next < requests.Count)
            {
                var started = Begin(requests[next], next++, prompts, cancel);
                live.Add(started);
                yield return started.Step(decoding, 0, cancel);
            }
            live.RemoveAll(l => l.Answer.Reason is not null);
            if (live.Count == 0) continue;
            decoding.Feed(kept, [.. live.Select(l => l.NextToken)]);
            for (var s = 0; s < live.Count; s++) yield return live[s].Step(decoding, s, cancel);
            live.RemoveAll(l => l.Answer.Reason is not null);
        }
    }

    Live Begin(AnswerRequest request, int index, HeldTokens prompts, CancellationToken cancel)
    {
        var answer = new Generation(model.Text, request.Prompt, request.Settings, Context - request.Prompt.Count);
        prompts.Reuse(request.Prompt);
        if (!prompts.Read(request.Prompt, null, cancel)) answer.Cancel();
        return new(index, answer, prompts.Sequence.Fork());
    }

    /// <summary>A cache in which all answers at a time have room, and the prompt that was read last.</summary>
    KvCache Room(IReadOnlyList<AnswerRequest> requests)
    {
        var (longest, prompt) = (1L, 1L);
        foreach (var r in requests)
        {
            prompt = Math.Max(prompt, r.Prompt.Count);
            longest = Math.Max(longest, Math.Min(Context, (long)r.Prompt.Count + (r.Settings.MaxTokens ?? Context)));
        }
        return new(model.On, checked((int)(Math.Min(Together, requests.Count) * Blocks(longest) + Blocks(prompt))), BlockSize, cache);

        static long Blocks(long tokens) => tokens / BlockSize + 2;   // the last one begun, and one that is shared no longer
    }

    /// <summary>Frees the activations.</summary>
    public void Dispose() => decoding.Dispose();

    /// <summary>An answer on its way.</summary>
    sealed record Live(int Index, Generation Answer, KvSequence Sequence)
    {
        public (KvSequence, ReadOnlyMemory<int>) NextToken => (Sequence, (int[])[Answer.Last]);

        /// <summary>Chooses its next token, and gives its blocks back where it has ended.</summary>
        public AnswerPiece Step(Decoding decoding, int row, CancellationToken cancel)
        {
            var piece = Answer.Reason is null ? Answer.Next(decoding.Logits(row)) : null;
            if (cancel.IsCancellationRequested) Answer.Cancel();
            if (Answer.Reason is null) return new(Index, piece!, null);
            Sequence.Dispose();
            var text = string.Concat(piece?.Text, Answer.Rest()?.Text);
            return new(Index, new(piece?.Ids ?? [], text, piece?.LogProbs ?? []), Answer.Reason);
        }
    }
}
