using Dayu.Models;

namespace Dayu.Inference;

/// <summary>
/// A text that the engine reads on: its prompt, and each token that was chosen after it. Whatever of it a cache does not hold is still to
/// be read; one whose blocks were taken away is read again from its beginning, and comes to the same.
/// </summary>
/// <param name="prompt">Token ids, one at least.</param>
/// <param name="owner">Whose it is: owners take turns.</param>
sealed class Job(IReadOnlyList<int> prompt, string owner)
{
    readonly List<int> tokens = [.. prompt];

    /// <summary>Whose it is.</summary>
    public string Owner => owner;

    /// <summary>Tokens of its prompt.</summary>
    public int Prompt { get; } = prompt.Count;

    /// <summary>Prompt and answer so far.</summary>
    public IReadOnlyList<int> Tokens => tokens;

    /// <summary>Its place in the cache; null: it waits.</summary>
    public KvSequence? Sequence { get; private set; }

    /// <summary>Tokens that are not read yet.</summary>
    public int Left => tokens.Count - (Sequence?.Length ?? 0);

    /// <summary>Nothing was chosen yet, or it is being read again.</summary>
    public bool IsReading => Left > 1 || tokens.Count == Prompt;

    /// <summary>Who takes what it gives is behind: nothing is computed for it meanwhile.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The next tokens to be read.</summary>
    public int[] Next(int count) => [.. tokens.GetRange(tokens.Count - Left, count)];

    /// <summary>A token was chosen.</summary>
    public void Add(int token) => tokens.Add(token);

    /// <summary>Tokens of its prompt that need not be computed.</summary>
    public int Cached { get; private set; }

    /// <summary>Gets a place, with what it holds already.</summary>
    public void Enter(KvSequence sequence)
    {
        if (tokens.Count == Prompt) Cached = sequence.Length;
        Sequence = sequence;
    }

    /// <summary>Loses its place; the caller has the blocks now.</summary>
    public KvSequence? Leave()
    {
        var left = Sequence;
        Sequence = null;
        return left;
    }
}

/// <summary>What a job does in the next pass.</summary>
/// <param name="Of">Which.</param>
/// <param name="Tokens">How many of its tokens are read.</param>
readonly record struct Turn(Job Of, int Tokens);
