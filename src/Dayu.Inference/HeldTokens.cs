using Dayu.Models;

namespace Dayu.Inference;

/// <summary>A sequence in a cache with the tokens it holds: what a prompt begins with and is held is not read again.</summary>
/// <param name="decoding">Reads.</param>
/// <param name="cache">Where the sequence lies.</param>
sealed class HeldTokens(Decoding decoding, KvCache cache) : IDisposable
{
    readonly List<int> held = [];

    /// <summary>The sequence.</summary>
    public KvSequence Sequence { get; } = cache.Begin();

    /// <summary>Keeps what the prompt begins with; at least its last token is to be read, for its logits.</summary>
    /// <returns>How many tokens of the prompt are held.</returns>
    public int Reuse(IReadOnlyList<int> prompt)
    {
        var n = ReadPrompt.Shared(held, prompt);
        if (n < held.Count && !Sequence.CanTruncate) n = 0;
        Sequence.Truncate(n);
        held.RemoveRange(n, held.Count - n);
        return n;
    }

    /// <summary>Reads a prompt from where it is not held.</summary>
    /// <param name="prompt">All of it.</param>
    /// <param name="reading">Told how many tokens are read, of how many.</param>
    /// <param name="cancel">Stops it between two passes.</param>
    /// <returns>Whether all of it is read.</returns>
    public bool Read(IReadOnlyList<int> prompt, Action<int, int>? reading, CancellationToken cancel)
    {
        var from = held.Count;
        while (held.Count < prompt.Count)
        {
            if (cancel.IsCancellationRequested) return false;
            reading?.Invoke(held.Count - from, prompt.Count - from);
            var part = new int[Math.Min(Decoding.Chunk, prompt.Count - held.Count)];
            for (var i = 0; i < part.Length; i++) part[i] = prompt[held.Count + i];
            Feed(part);
        }
        reading?.Invoke(prompt.Count - from, prompt.Count - from);
        return true;
    }

    /// <summary>Reads the next tokens.</summary>
    public void Feed(int[] ids)
    {
        decoding.Feed(cache, (Sequence, ids));
        held.AddRange(ids);
    }

    /// <summary>Gives the sequence's blocks back.</summary>
    public void Dispose() => Sequence.Dispose();
}
