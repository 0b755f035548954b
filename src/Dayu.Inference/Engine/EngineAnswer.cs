using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Dayu.Inference;

/// <summary>
/// An answer that an engine makes. Its pieces are taken by one reader; who stops reading without an end cancels it, and who never begins
/// disposes of it.
/// </summary>
public sealed class EngineAnswer : IDisposable
{
    readonly Channel<Piece> pieces = Channel.CreateUnbounded<Piece>(new() { SingleReader = true, SingleWriter = true });
    readonly int most;
    readonly Action wake;
    int untaken;
    readonly CancellationTokenRegistration whenCancelled;

    internal EngineAnswer(Job job, Generation generation, int most, Action wake, long asked, CancellationToken cancel)
    {
        (Job, Generation, this.most, this.wake, Asked, Cancel) = (job, generation, most, wake, asked, cancel);
        whenCancelled = cancel.Register(wake);
    }

    /// <summary>Tokens of its prompt.</summary>
    public int PromptTokens => Job.Prompt;

    /// <summary>How many of these need not be computed; known with the first piece.</summary>
    public int CachedTokens => Job.Cached;

    /// <summary>Tokens of the answer so far, its end not counted.</summary>
    public int Tokens => Generation.Tokens;

    /// <summary>How likely the token was that ended it, where log-probabilities are wanted; null: none did, or not yet.</summary>
    public TokenLogProb? EndLogProb => Generation.EndLogProb;

    /// <summary>Why it has ended; null: it goes on, or failed.</summary>
    public FinishReason? Reason { get; private set; }

    internal Job Job { get; }

    internal Generation Generation { get; }

    internal CancellationToken Cancel { get; }

    /// <summary>When it was asked for.</summary>
    internal long Asked { get; }

    /// <summary>The pieces, as they come.</summary>
    /// <param name="cancel">Ends the answer.</param>
    /// <exception cref="OperationCanceledException">It was ended from outside.</exception>
    /// <exception cref="NonFiniteLogitsException">The model computed no numbers.</exception>
    public async IAsyncEnumerable<Piece> Pieces([EnumeratorCancellation] CancellationToken cancel = default)
    {
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                if (Interlocked.Decrement(ref untaken) == most / 2) wake();            // it was behind, and no longer is
                yield return piece;
            }
        }
        finally { Dispose(); }
    }

    /// <summary>Nobody takes its pieces any more: it ends where it stands.</summary>
    public void Dispose()
    {
        IsLeft = true;
        wake();
    }

    /// <summary>Nobody takes its pieces any more.</summary>
    internal bool IsLeft { get; private set; }

    /// <summary>Nothing is to be computed for it until pieces are taken.</summary>
    internal bool IsBehind => Volatile.Read(ref untaken) >= most;

    /// <summary>Hands a piece out.</summary>
    internal void Give(Piece piece)
    {
        Interlocked.Increment(ref untaken);
        pieces.Writer.TryWrite(piece);
    }

    /// <summary>It is over.</summary>
    /// <param name="reason">Why.</param>
    internal void End(FinishReason reason)
    {
        if (Generation.Rest() is { } rest) Give(rest);
        Reason = reason;
        pieces.Writer.TryComplete();
        whenCancelled.Dispose();
    }

    /// <summary>It failed, alone.</summary>
    internal void Fail(Exception why)
    {
        pieces.Writer.TryComplete(why);
        whenCancelled.Dispose();
    }
}
