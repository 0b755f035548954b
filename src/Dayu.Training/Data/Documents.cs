using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Documents as token ids, one after another, wherever they lie. A token is followed by the next of its document; the last of each by
/// none.
/// </summary>
public abstract class Documents
{
    /// <summary>Documents, D.</summary>
    public abstract long Count { get; }

    /// <summary>Tokens of all of them, N.</summary>
    public abstract long Tokens { get; }

    /// <summary>Tokens that are predicted: not the first of a document, nor those that are not learnt.</summary>
    public abstract long Counted { get; }

    /// <summary>[D]: of pairs of answers, log p of each by the model that the training started as; null: that is not known.</summary>
    internal float[]? Reference { get; set; }

    /// <summary>Whether a document begins with this token.</summary>
    /// <param name="token">0 … N − 1.</param>
    public abstract bool BeginsAt(long token);

    /// <summary>Where the document of a token ends, or a place behind the token that is not before <paramref name="most"/>.</summary>
    /// <param name="token">0 … N − 1.</param>
    /// <param name="most">Nobody asks what is from here on; N at most.</param>
    public abstract long EndAt(long token, long most);

    /// <summary>Where a token was read, for a person.</summary>
    /// <param name="token">0 … N − 1.</param>
    public abstract string PlaceAt(long token);

    /// <summary>Ids of consecutive tokens.</summary>
    /// <param name="start">The first, 0 … N − 1.</param>
    /// <param name="into">Receives as many as it has room for, up to N.</param>
    /// <exception cref="InvalidDataException">One is none that the model has.</exception>
    public abstract void CopyIds(long start, Span<int> into);

    /// <summary>[N]: which tokens are learnt; empty: all.</summary>
    public virtual ReadOnlySpan<bool> Learnt => [];

    /// <summary>Says what they are to a hash: what must be the same where a training goes on.</summary>
    internal abstract void AddTo(IncrementalHash hash);

    /// <summary>Adds a part of one document, and what each of its tokens is followed by.</summary>
    /// <param name="start">Its first token.</param>
    /// <param name="count">Its tokens.</param>
    /// <param name="goesOn">Whether the document goes on behind it.</param>
    /// <param name="into">Receives the ids.</param>
    /// <param name="targets">Receives what is to be predicted.</param>
    internal void Read(long start, int count, bool goesOn, List<int> into, List<int> targets)
    {
        CollectionsMarshal.SetCount(into, into.Count + count);
        CollectionsMarshal.SetCount(targets, targets.Count + count);
        var ids = CollectionsMarshal.AsSpan(into)[^count..];
        var next = CollectionsMarshal.AsSpan(targets)[^count..];
        var learnt = Learnt;
        CopyIds(start, ids);
        ids[1..].CopyTo(next);
        if (goesOn) CopyIds(start + count, next[^1..]);
        else next[^1] = Op.Ignored;
        for (var t = 0; t < count && !learnt.IsEmpty; t++)
            if (next[t] != Op.Ignored && !learnt[(int)(start + t + 1)]) next[t] = Op.Ignored;
    }
}
