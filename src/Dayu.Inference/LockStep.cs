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
/// Several answers at a time, a token of each in one pass, together with the prompts of those that begin: the weights are
/// read once for all of them. An answer's bits are those that it would have alone. What a prompt begins with as the one
/// before it did is read and stored once. One thread at a time.
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
        using var last = new ReadPrompt(kept);
        List<Live> live = [];
        for (var next = 0; live.Count > 0 || next < requests.Count;)
        {
            while (live.Count < Together && next < requests.Count && !IsWorthWaiting(requests[next].Prompt, last, live))
                live.Add(Begin(requests[next], next++, last));
            if (cancel.IsCancellationRequested)
            {
                foreach (var l in live) yield return l.End();
                for (; next < requests.Count; next++) yield return new(next, new([], "", []), FinishReason.Cancelled);
                yield break;
            }
            var parts = Parts(live);
            decoding.Feed(kept, [.. parts.Select(p => (p.Of.Sequence, p.Ids))]);
            for (var s = 0; s < parts.Count; s++)
            {
                var (of, ids) = parts[s];
                if (!of.Took(ids.Length)) continue;                  // its prompt goes on: nobody asks what would come here
                if (of.IsFirst && next < requests.Count) last.Replace(of.Sequence, of.Prompt);
                yield return of.Step(decoding.Logits(s));
            }
            live.RemoveAll(l => l.IsOver);
        }
    }

    /// <summary>Whether a prompt that is being read begins as this one does, by a block more than the last one read.</summary>
    static bool IsWorthWaiting(IReadOnlyList<int> prompt, ReadPrompt last, List<Live> live)
    {
        var held = last.Shared(prompt);
        return live.Exists(l => l.IsReading && ReadPrompt.Shared(l.Prompt, prompt) >= held + BlockSize);
    }

    Live Begin(AnswerRequest request, int index, ReadPrompt last)
    {
        var shared = last.Shared(request.Prompt);
        var answer = new Generation(model.Text, request.Prompt, request.Settings, Context - request.Prompt.Count);
        return new(index, request.Prompt, answer, last.Fork(shared));
    }

    /// <summary>What the next pass reads: a token of each answer, and as much of the prompts as a pass may hold.</summary>
    static List<(Live Of, ReadOnlyMemory<int> Ids)> Parts(List<Live> live)
    {
        var (parts, room) = (new List<(Live, ReadOnlyMemory<int>)>(), Math.Max(1, Decoding.Chunk - live.Count(l => !l.IsReading)));
        foreach (var l in live)
        {
            var ids = l.Next(l.IsReading ? room : 1);
            if (ids.Length == 0) continue;
            if (l.IsReading) room -= ids.Length;
            parts.Add((l, ids));
        }
        return parts;
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
    sealed class Live(int index, IReadOnlyList<int> prompt, Generation answer, KvSequence sequence)
    {
        int read = sequence.Length;

        public IReadOnlyList<int> Prompt => prompt;

        public KvSequence Sequence => sequence;

        /// <summary>Not all of its prompt is read.</summary>
        public bool IsReading => read < prompt.Count;

        /// <summary>Its prompt is read, and nothing is answered yet.</summary>
        public bool IsFirst => answer.Tokens == 0;

        public bool IsOver => answer.Reason is not null;

        /// <summary>The tokens that it is to read next, so many at most.</summary>
        public ReadOnlyMemory<int> Next(int most)
        {
            if (!IsReading) return (int[])[answer.Last];
            var ids = new int[Math.Min(most, prompt.Count - read)];
            for (var i = 0; i < ids.Length; i++) ids[i] = prompt[read + i];
            return ids;
        }

        /// <summary>So many were read; whether its next token can be chosen.</summary>
        public bool Took(int tokens)
        {
            read = Math.Min(prompt.Count, read + tokens);
            return !IsReading;
        }

        /// <summary>Chooses its next token, and gives its blocks back where it has ended.</summary>
        public AnswerPiece Step(ReadOnlySpan<float> logits)
        {
            var piece = answer.Reason is null ? answer.Next(logits) : null;
            return answer.Reason is null ? new(index, piece!, null) : Ended(piece);
        }

        /// <summary>Ends it where it stands.</summary>
        public AnswerPiece End()
        {
            answer.Cancel();
            return Ended(null);
        }

        AnswerPiece Ended(Piece? piece)
        {
            sequence.Dispose();
            var text = string.Concat(piece?.Text, answer.Rest()?.Text);
            return new(index, new(piece?.Ids ?? [], text, piece?.LogProbs ?? []), answer.Reason);
        }
    }
}
