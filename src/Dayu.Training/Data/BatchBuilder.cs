using Dayu.Models;

namespace Dayu.Training;

/// <summary>Puts sequences together to a batch.</summary>
/// <param name="states">States that texts go on from, in all; 0: every sequence begins anew.</param>
sealed class BatchBuilder(int states = 0)
{
    readonly List<int> ids = [], starts = [0], targets = [], from = [], to = [];
    readonly List<string> places = [];
    readonly List<double> reference = [];

    /// <summary>Tokens so far.</summary>
    public int Tokens => ids.Count;

    /// <summary>Adds a part of some documents: a sequence for each that it touches.</summary>
    /// <param name="documents">Of which.</param>
    /// <param name="start">Its first token.</param>
    /// <param name="count">Its tokens; it does not reach beyond the last document.</param>
    /// <param name="state">The state from which it goes on with a document, and to which it leaves one that is not over; −1: none.</param>
    /// <param name="begins">Whether it begins anew in any case.</param>
    public void Add(Documents documents, long start, int count, int state = -1, bool begins = false)
    {
        var end = start + count;
        for (long at = start, next; at < end; at = next)
        {
            // one more than is read: whether the document goes on behind the last token decides what that is followed by
            var last = documents.EndAt(at, Math.Min(documents.Tokens, end + 1));
            next = Math.Min(end, last);
            documents.Read(at, (int)(next - at), goesOn: next < last, ids, targets);
            starts.Add(ids.Count);
            places.Add(documents.PlaceAt(at));
            from.Add(begins && at == start || documents.BeginsAt(at) ? -1 : state);
            to.Add(next == last ? -1 : state);
        }
    }

    /// <summary>Adds the sequences of another batch.</summary>
    /// <param name="part">It.</param>
    /// <param name="state">Which state of this batch its first state is.</param>
    public void Add(Batch part, int state)
    {
        starts.AddRange(part.Starts.Skip(1).Select(s => ids.Count + s));
        ids.AddRange(part.Ids);
        targets.AddRange(part.Targets);
        places.AddRange(part.Places);
        reference.AddRange(part.Reference);
        from.AddRange(part.States?.From.Select(s => s < 0 ? s : state + s) ?? []);
        to.AddRange(part.States?.To.Select(s => s < 0 ? s : state + s) ?? []);
    }

    /// <summary>The batch.</summary>
    public Batch Made() => new([.. ids], [.. starts], [.. targets])
    {
        Places = places, Reference = reference, States = states > 0 ? new StateRows(states, [.. from], [.. to]) : null,
    };
}
