using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>A text, or a conversation, as token ids.</summary>
/// <param name="Place">Where it was read: <c>news.jsonl:12</c>.</param>
/// <param name="Ids">[N]</param>
/// <param name="Learnt">[N]: whether a token is to be predicted; null: all are.</param>
public sealed record Document(string Place, int[] Ids, bool[]? Learnt = null);

/// <summary>Documents, one after another. A token is followed by the next of its document; the last of each by none.</summary>
public sealed class Documents
{
    readonly int[] ids, starts;                                      // [N], [D + 1]
    readonly bool[]? learnt;                                         // [N]; null: all
    readonly string[] places;                                        // [D]

    /// <summary>Puts documents one after another; those without a token are left out.</summary>
    public Documents(IEnumerable<Document> documents)
    {
        Document[] all = [.. documents.Where(d => d.Ids.Length > 0)];
        ids = new int[all.Sum(d => (long)d.Ids.Length)];
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
    public Documents(int[] ids) : this((Document[])[new("text", ids)]) { }

    /// <summary>Documents, D.</summary>
    public int Count => places.Length;

    /// <summary>Tokens of all of them, N.</summary>
    public int Tokens => ids.Length;

    /// <summary>Tokens that are predicted: not the first of a document, nor those that are not learnt.</summary>
    public long Counted { get; }

    /// <summary>All ids.</summary>
    public ReadOnlySpan<int> Ids => ids;

    /// <summary>[N]: which tokens are learnt; empty: all.</summary>
    public ReadOnlySpan<bool> Learnt => learnt;

    /// <summary>[D]: of pairs of answers, log p of each by the model that the training started as; null: that is not known.</summary>
    internal float[]? Reference { get; set; }

    /// <summary>The first token of a document.</summary>
    public int StartOf(int document) => starts[document];

    /// <summary>Tokens of a document.</summary>
    public int LengthOf(int document) => starts[document + 1] - starts[document];

    /// <summary>Whether a document begins with this token.</summary>
    public bool BeginsAt(int token) => Array.BinarySearch(starts, token) >= 0;

    /// <summary>Where the document of this token ends.</summary>
    public int EndAt(int token) => starts[DocumentOf(token) + 1];

    /// <summary>Where a token was read, for a person.</summary>
    public string PlaceAt(int token)
    {
        var d = DocumentOf(token);
        return token == starts[d] ? places[d] : $"{places[d]} (from token {token - starts[d] + 1:N0})";
    }

    /// <summary>Adds a part of one document, and what each of its tokens is followed by.</summary>
    internal void Read(int start, int count, List<int> into, List<int> targets)
    {
        into.AddRange(ids.AsSpan(start, count));
        var end = EndAt(start);
        for (var t = start + 1; t <= start + count; t++) targets.Add(t < end && (learnt is null || learnt[t]) ? ids[t] : Op.Ignored);
    }

    int DocumentOf(int token) => Array.BinarySearch(starts, token) is var i && i >= 0 ? i : ~i - 1;
}
