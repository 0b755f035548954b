using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>The pieces of several answers, as they come.</summary>
static class Answering
{
    const int Together = 8;                                          // answers of one request that the engine is asked for at a time

    /// <summary>Asks the engine, and hands out what comes. Whoever stops taking pieces ends the answers.</summary>
    /// <param name="engine">Who answers.</param>
    /// <param name="requests">What is wanted.</param>
    /// <param name="time">How long.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ApiError">It was ended, not by the client.</exception>
    public static async IAsyncEnumerable<ChoicePiece> Run(
        Engine engine, IReadOnlyList<EngineRequest> requests, RequestTime time, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancel);
        using var places = new SemaphoreSlim(Together);
        var pieces = Channel.CreateBounded<ChoicePiece>(Together);
        var all = Task.WhenAll(requests.Select((r, i) => Pump(engine, r, i)).ToArray());
        _ = Complete();
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return piece;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task Pump(Engine engine, EngineRequest request, int choice)
        {
            try
            {
                await places.WaitAsync(stop.Token).ConfigureAwait(false);
                try { await Hand(engine.Submit(request, stop.Token), choice).ConfigureAwait(false); }
                finally { places.Release(); }
            }
            catch (Exception e)                                      // the first fault is the one that is told, and ends the others
            {
                pieces.Writer.TryComplete(e is OperationCanceledException && !time.ClientLeft ? time.Why() : e);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        async Task Hand(EngineAnswer answer, int choice)
        {
            await foreach (var piece in answer.Pieces(stop.Token).ConfigureAwait(false))
                await pieces.Writer.WriteAsync(new(choice, piece, answer), stop.Token).ConfigureAwait(false);
            if (answer.Reason == FinishReason.Cancelled) throw new OperationCanceledException("the answer was ended");
            await pieces.Writer.WriteAsync(new(choice, null, answer), stop.Token).ConfigureAwait(false);
        }

        async Task Complete()
        {
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pieces.Writer.TryComplete();
        }
    }
}
