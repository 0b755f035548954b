namespace Dayu.Training;

/// <summary>
/// Documents as streams, for models that keep what they have read in a state: each stream goes on where its last window ended, and
/// begins anew with each document (truncated back-propagation through time). The streams begin at equal distances, go round, and
/// take turns: a window is a function of its number alone.
/// </summary>
/// <param name="documents">What is read.</param>
/// <param name="length">Tokens of a window.</param>
/// <param name="streams">Streams, each with a state of its own.</param>
/// <exception cref="ArgumentException">There is no document.</exception>
public sealed class DocumentStreams(Documents documents, int length, int streams) : IBatchSource
{
    readonly Documents documents = documents.Tokens > 1 ? documents : throw new ArgumentException("the text has no two tokens");

    /// <summary>The window of that number: the next one of stream <c>number % streams</c>.</summary>
    public Batch At(long number)
    {
        var (round, stream) = Math.DivRem(number, streams);
        var (batch, tokens) = (new BatchBuilder(streams), documents.Tokens);
        var at = (long)((stream * tokens / streams + (Int128)round * length) % tokens);
        for (int left = length, count; left > 0; left -= count, at = 0)
        {
            count = (int)Math.Min(left, tokens - at);
            batch.Add(documents, at, count, (int)stream, begins: round == 0 && left == length);
        }
        return batch.Made();
    }
}
