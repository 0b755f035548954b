using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dayu.Training;

/// <summary>A text, or a conversation, as token ids.</summary>
/// <param name="Place">Where it was read: <c>news.jsonl:12</c>.</param>
/// <param name="Ids">[N]</param>
/// <param name="Learnt">[N]: whether a token is to be predicted; null: all are.</param>
public sealed record Document(string Place, int[] Ids, bool[]? Learnt = null);

/// <summary>Documents in memory.</summary>
public sealed class MemoryDocuments : Documents
{
    readonly int[] ids, starts;                                      // [N], [D + 1]
    readonly bool[]? learnt;                                         // [N]; null: all
    readonly string[] places;                                        // [D]

    /// <summary>Puts documents one after another; those without a token are left out.</summary>
    /// <exception cref="ArgumentException">They have more tokens than an array can.</exception>
    public MemoryDocuments(IEnumerable<Document> documents)
    {
        Document[] all = [.. documents.Where(d => d.Ids.Length > 0)];
        var tokens = all.Sum(d => (long)d.Ids.Length);
        if (tokens > Array.MaxLength)
            throw new ArgumentException($"the texts have {tokens:N0} tokens, more than one array holds; write them into shards first");
        ids = new int[tokens];
        starts = new int[all.Length + 1];
        places = [.. all.Select(d => d.Place)];
        if (all.Any(d => d.Learnt is not null)) learnt = new bool[ids.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i].Ids.CopyTo(ids, starts[i]);
            starts[i + 1] = starts[i] + all[i].Ids.Length;
            if (all[i].Learnt is { } own) own.CopyTo(learnt!, starts[i]);
            else learnt?.AsSpan(starts[i]..starts[i + 1]).Fill(true);
        }
        Counted = learnt is { } some ? some.LongCount(l => l) - starts[..^1].Count(first => some[first]) : ids.Length - Count;
    }

    /// <summary>One text.</summary>
    public MemoryDocuments(int[] ids) : this((Document[])[new("text", ids)]) { }

    /// <inheritdoc/>
    public override long Count => places.Length;

    /// <inheritdoc/>
    public override long Tokens => ids.Length;

    /// <inheritdoc/>
    public override long Counted { get; }

    /// <summary>All ids.</summary>
    public ReadOnlySpan<int> Ids => ids;

    /// <inheritdoc/>
    public override ReadOnlySpan<bool> Learnt => learnt;

    /// <summary>The first token of a document.</summary>
    public int StartOf(int document) => starts[document];

    /// <summary>Tokens of a document.</summary>
    public int LengthOf(int document) => starts[document + 1] - starts[document];

    /// <summary>Where a document was read, for a person.</summary>
    public string PlaceOf(int document) => places[document];

    /// <inheritdoc/>
    public override bool BeginsAt(long token) => Array.BinarySearch(starts, (int)token) >= 0;

    /// <inheritdoc/>
    public override long EndAt(long token, long most) => starts[DocumentOf(token) + 1];

    /// <inheritdoc/>
    public override string PlaceAt(long token)
    {
        var d = DocumentOf(token);
        return token == starts[d] ? places[d] : $"{places[d]} (from token {token - starts[d] + 1:N0})";
    }

    /// <inheritdoc/>
    public override void CopyIds(long start, Span<int> into) => ids.AsSpan((int)start, into.Length).CopyTo(into);

    /// <summary>Ids; what is learnt, where not all is; where documents begin, where there are several.</summary>
    internal override void AddTo(IncrementalHash hash)
    {
        const int piece = 1 << 20;
        for (var at = 0; at < ids.Length; at += piece)
            hash.AppendData(MemoryMarshal.AsBytes(ids.AsSpan(at..Math.Min(ids.Length, at + piece))));
        hash.AppendData(MemoryMarshal.AsBytes(Learnt));
        if (Count > 1) hash.AppendData(MemoryMarshal.AsBytes(starts.AsSpan(1..^1)));
    }

    int DocumentOf(long token) => Array.BinarySearch(starts, (int)token) is var i && i >= 0 ? i : ~i - 1;
}
