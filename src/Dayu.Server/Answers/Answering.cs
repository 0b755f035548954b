using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>The pieces of all choices of a wish, as they come.</summary>
static class Answering
{
    /// <summary>Asks the engine, and hands out what comes. Whoever stops taking pieces ends the answers.</summary>
    /// <param name="engine">Who answers.</param>
    /// <param name="wish">What is wanted.</param>
    /// <param name="owner">Who asks.</param>
    /// <param name="time">How long.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ApiError">It was ended, not by the client.</exception>
    public static async IAsyncEnumerable<ChoicePiece> Run(
        Engine engine, Wish wish, string owner, RequestTime time, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancel);
        var answers = Submit(engine, wish, owner, stop.Token);
        var pieces = Channel.CreateBounded<ChoicePiece>(answers.Length);
        var all = Task.WhenAll(answers.Select((a, i) => Pump(a, i, pieces.Writer, time, stop)));
        _ = Complete(all, pieces.Writer);
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return piece;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static EngineAnswer[] Submit(Engine engine, Wish wish, string owner, CancellationToken cancel)
    {
        List<EngineAnswer> answers = [];
        try
        {
            for (var i = 0; i < wish.Choices; i++) answers.Add(engine.Submit(wish.Request(i, owner), cancel));
            return [.. answers];
        }
        catch
        {
            foreach (var answer in answers) answer.Dispose();        // all or none
            throw;
        }
    }

    static async Task Pump(EngineAnswer answer, int choice, ChannelWriter<ChoicePiece> to, RequestTime time, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var piece in answer.Pieces(stop.Token).ConfigureAwait(false))
                await to.WriteAsync(new(choice, piece, answer), stop.Token).ConfigureAwait(false);
            if (answer.Reason == FinishReason.Cancelled) stop.Token.ThrowIfCancellationRequested();
            if (answer.Reason == FinishReason.Cancelled) throw time.Why();               // the model was given up
            await to.WriteAsync(new(choice, null, answer), stop.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var why = e is OperationCanceledException && time.Token.IsCancellationRequested && !time.ClientLeft ? time.Why() : e;
            to.TryComplete(why);                                     // the first fault is the one that is told
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    static async Task Complete(Task all, ChannelWriter<ChoicePiece> pieces)
    {
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        pieces.TryComplete();
    }
}
