using Dayu.Models;

namespace Dayu.Inference;

/// <summary>The prompt that was read last: one that begins as it does need not read its beginning again.</summary>
/// <param name="cache">Where it lies.</param>
sealed class ReadPrompt(KvCache cache) : IDisposable
{
    KvSequence sequence = cache.Begin();
    IReadOnlyList<int> tokens = [];

    /// <summary>Tokens that a prompt begins with as one that was read does; its last is not counted: it is read for its logits.</summary>
    public static int Shared(IReadOnlyList<int> read, IReadOnlyList<int> prompt)
    {
        var n = 0;
        while (n < read.Count && n < prompt.Count - 1 && read[n] == prompt[n]) n++;
        return n;
    }

    /// <summary>How many tokens of a prompt need not be read again.</summary>
    public int Shared(IReadOnlyList<int> prompt)
    {
        var n = Shared(tokens, prompt);
        return n == tokens.Count || sequence.CanTruncate ? n : 0;
    }

    /// <summary>A sequence that holds the first <paramref name="shared"/> tokens.</summary>
    public KvSequence Fork(int shared)
    {
        var fork = sequence.Fork();
        fork.Truncate(shared);
        return fork;
    }

    /// <summary>Another prompt was read; its sequence holds it and nothing more.</summary>
    public void Replace(KvSequence by, IReadOnlyList<int> prompt)
    {
        sequence.Dispose();
        (sequence, tokens) = (by.Fork(), prompt);
    }

    /// <summary>Gives its blocks back.</summary>
    public void Dispose() => sequence.Dispose();
}
