using Dayu.Models;

namespace Dayu.Inference;

/// <summary>
/// What was read and is over stays as long as nobody needs the room: a prompt that begins alike goes on from there. A hash finds what may
/// begin alike, its tokens say whether it does. What was used longest ago is given up first.
/// </summary>
/// <param name="cache">Where it lies.</param>
sealed class PrefixCache(KvCache cache) : IDisposable
{
    sealed record Kept(IReadOnlyList<int> Tokens, KvSequence Sequence, ulong Key);

    readonly LinkedList<Kept> byUse = [];                            // used longest ago first
    readonly Dictionary<ulong, List<LinkedListNode<Kept>>> byBeginning = [];

    /// <summary>Texts that are kept.</summary>
    public int Count => byUse.Count;

    /// <summary>A sequence that holds what a text begins with, as much of it as is kept, but not its last token: that is read.</summary>
    /// <param name="tokens">The text.</param>
    public KvSequence Begin(IReadOnlyList<int> tokens)
    {
        var (best, shared) = Find(tokens);
        if (best is null) return cache.Begin();
        Use(best);
        var fork = best.Value.Sequence.Fork();
        fork.Truncate(shared);
        return fork;
    }

    /// <summary>Tokens of a text that need not be read.</summary>
    public int Held(IReadOnlyList<int> tokens) => Find(tokens).Shared;

    /// <summary>Keeps a text that was read.</summary>
    /// <param name="tokens">As many as the sequence holds are looked at.</param>
    /// <param name="sequence">It belongs to the cache from now on.</param>
    public void Keep(IReadOnlyList<int> tokens, KvSequence sequence)
    {
        if (sequence.Length < cache.BlockSize)
        {
            sequence.Dispose();
            return;
        }
        int[] own = [.. tokens.Take(sequence.Length)];
        if (Find([.. own, -1]) is (not null, var shared) && shared == own.Length)    // another holds all of it
        {
            sequence.Dispose();
            return;
        }
        var alike = byBeginning.GetValueOrDefault(KeyOf(own));
        for (var i = (alike?.Count ?? 0) - 1; i >= 0; i--)                            // what it goes on from need not be kept twice
            if (alike![i].Value is var old && ReadPrompt.Shared(old.Tokens, [.. own, -1]) == old.Tokens.Count) Drop(alike[i]);
        var node = byUse.AddLast(new Kept(own, sequence, KeyOf(own)));
        if (!byBeginning.TryGetValue(node.Value.Key, out var list)) byBeginning[node.Value.Key] = list = [];
        list.Add(node);
    }

    /// <summary>Gives texts up until so many blocks are free.</summary>
    /// <returns>Whether they are.</returns>
    public bool Free(int blocks)
    {
        while (cache.FreeBlocks < blocks && byUse.First is { } oldest) Drop(oldest);
        return cache.FreeBlocks >= blocks;
    }

    (LinkedListNode<Kept>? Best, int Shared) Find(IReadOnlyList<int> tokens)
    {
        (LinkedListNode<Kept>? Best, int Shared) found = (null, 0);
        if (tokens.Count <= cache.BlockSize || !byBeginning.TryGetValue(KeyOf(tokens), out var alike)) return found;
        foreach (var node in alike)
        {
            var kept = node.Value;
            var shared = ReadPrompt.Shared(kept.Tokens, tokens);
            if (shared < kept.Tokens.Count && !kept.Sequence.CanTruncate) continue;  // a state cannot go back
            if (shared > found.Shared) found = (node, shared);
        }
        return found.Shared < cache.BlockSize ? (null, 0) : found;
    }

    void Use(LinkedListNode<Kept> node)
    {
        byUse.Remove(node);
        byUse.AddLast(node);
    }

    void Drop(LinkedListNode<Kept> node)
    {
        byUse.Remove(node);
        var alike = byBeginning[node.Value.Key];
        alike.Remove(node);
        if (alike.Count == 0) byBeginning.Remove(node.Value.Key);
        node.Value.Sequence.Dispose();
    }

    /// <summary>Of the first block's tokens.</summary>
    ulong KeyOf(IReadOnlyList<int> tokens)
    {
        var key = 0UL;
        for (var i = 0; i < cache.BlockSize; i++) key = Tensors.CounterRng.Mix(key, (uint)tokens[i]);
        return key;
    }

    /// <summary>Gives all blocks back.</summary>
    public void Dispose()
    {
        while (byUse.First is { } node) Drop(node);
    }
}
