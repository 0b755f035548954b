using System.Collections.Concurrent;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// A model that answers many at once: each pass reads a token of every answer and pieces of prompts (schedule → run → settle). One
/// thread computes; whoever asks may be on any. Same request and seed, same bytes, whatever else runs.
/// </summary>
public sealed class Engine : IDisposable
{
    const int BlockSize = 32;

    readonly Pretrained model;
    readonly EngineLimits limits;
    readonly Decoding decoding;
    readonly KvCache cache;
    readonly Scheduler scheduler;
    readonly ConcurrentQueue<EngineAnswer> come = new();
    readonly ConcurrentQueue<(Action Compute, Action Refuse)> between = new();
    readonly AutoResetEvent wake = new(false);
    readonly List<EngineAnswer> answers = [];                        // of the compute thread alone
    readonly Thread thread;
    readonly AnswerTimes times;
    readonly long room;                                              // tokens
    volatile bool ends;
    int taken;                                                       // requests that are not over

    /// <summary>Begins to wait for requests.</summary>
    /// <param name="model">Who answers; it stays the caller's, who computes with it only through <see cref="Between"/> meanwhile.</param>
    /// <param name="limits">How much it takes on.</param>
    /// <param name="clock">Measures how long answers take.</param>
    /// <param name="format">Number format of keys and values; null: the one the backend likes.</param>
    /// <exception cref="ArgumentException">A limit is out of range.</exception>
    /// <exception cref="NotSupportedException">The model does not go on with texts.</exception>
    public Engine(Pretrained model, EngineLimits? limits = null, TimeProvider? clock = null, DType? format = null)
    {
        (this.model, this.limits, times) = (model, (limits ?? new()).Checked(), new(clock ?? TimeProvider.System));
        Context = this.limits.Context ?? Decoding.DefaultContext(model);
        decoding = new(model);
        room = Math.Max(Context, this.limits.Tokens ?? 4L * Context);                    // one text as long as may be always fits
        var blocks = (room + BlockSize - 1) / BlockSize + 1;
        cache = new(model.On, checked((int)blocks), BlockSize, format);
        scheduler = new(cache, Decoding.Chunk, this.limits.Together);
        thread = new(Loop) { IsBackground = true, Name = "Dayu engine" };
        thread.Start();
    }

    /// <summary>Tokens that fit into one text.</summary>
    public int Context { get; }

    /// <summary>How busy it is.</summary>
    public EngineLoad Load => new(scheduler.Running, scheduler.Waiting + come.Count,
        (long)cache.FreeBlocks * BlockSize, room);

    /// <summary>Takes a request.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancel">Ends the answer, also while its prompt is read.</param>
    /// <exception cref="ArgumentException">The prompt is empty.</exception>
    /// <exception cref="TokenOutOfModelException">It has a token that the model does not.</exception>
    /// <exception cref="ContextOverflowException">It does not fit.</exception>
    /// <exception cref="EngineBusyException">Too many wait.</exception>
    /// <exception cref="ObjectDisposedException">The engine has ended.</exception>
    public EngineAnswer Submit(EngineRequest request, CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(ends, this);
        decoding.Check(request.Prompt, Context);
        var generation = new Generation(model.Text, request.Prompt, request.Settings, Context - request.Prompt.Count);
        var answer = new EngineAnswer(new(request.Prompt, request.Owner), generation, limits.Pieces, Wake, times.Now, cancel);
        if (Interlocked.Increment(ref taken) > limits.Together + limits.Waiting)
        {
            Interlocked.Decrement(ref taken);
            var busy = new EngineBusyException(limits.Waiting, times.Typical);
            answer.Fail(busy);
            throw busy;
        }
        come.Enqueue(answer);
        Wake();
        if (ends) EndLate();
        return answer;
    }

    /// <summary>Computes something else with the model, between two passes.</summary>
    public Task<T> Between<T>(Func<Pretrained, T> what)
    {
        ObjectDisposedException.ThrowIf(ends, this);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        between.Enqueue((() =>
        {
            try { done.SetResult(what(model)); }
            catch (Exception e) { done.SetException(e); }
        }, () => done.SetException(new ObjectDisposedException(nameof(Engine)))));
        Wake();
        if (ends) EndLate();
        return done.Task;
    }

    void Wake() => wake.Set();

    void Loop()
    {
        while (!ends)
            try
            {
                while (between.TryDequeue(out var what)) what.Compute();
                Take();
                var turns = scheduler.Next();
                if (turns.Count == 0) wake.WaitOne();
                else if (Run(turns)) for (var i = 0; i < turns.Count; i++) Settle(turns[i].Of, i);
            }
            catch (Exception e)                                       // nobody waits for an answer that never comes
            {
                foreach (var answer in answers.ToArray()) Fail(answer, e);
            }
        foreach (var answer in answers.ToArray()) Leave(answer, FinishReason.Cancelled);
        EndLate();
    }

    /// <summary>What came too late is not computed: the model may be gone.</summary>
    void EndLate()
    {
        while (come.TryDequeue(out var answer)) answer.End(FinishReason.Cancelled);
        while (between.TryDequeue(out var what)) what.Refuse();
    }

    /// <summary>New requests come in; those that nobody waits for any more go.</summary>
    void Take()
    {
        while (come.TryDequeue(out var answer))
        {
            answers.Add(answer);
            scheduler.Add(answer.Job);
        }
        foreach (var answer in answers.ToArray())
        {
            answer.Job.IsPaused = answer.IsBehind;
            if (answer.Generation.Reason is { } reason) Leave(answer, reason);         // no token was wanted
            else if (answer.IsLeft || answer.Cancel.IsCancellationRequested) Leave(answer, FinishReason.Cancelled);
        }
    }

    /// <summary>A pass; what fails together is tried one by one, so that a fault ends the request that has it.</summary>
    /// <returns>Whether its logits are there.</returns>
    bool Run(List<Turn> turns)
    {
        int[] lengths = [.. turns.Select(t => t.Of.Sequence!.Length)];
        try
        {
            decoding.Feed(cache, [.. turns.Select(t => (t.Of.Sequence!, (ReadOnlyMemory<int>)t.Of.Next(t.Tokens)))]);
            return true;
        }
        catch (Exception e)
        {
            foreach (var (turn, length) in turns.Zip(lengths)) GoBack(turn.Of.Sequence!, length);
            if (turns.Count == 1) Fail(AnswerOf(turns[0].Of), e);
            else foreach (var turn in turns) if (Run([turn])) Settle(turn.Of, 0);
            return false;
        }
    }

    /// <summary>What failed behind the last block had read its tokens; a state that cannot go back begins anew.</summary>
    static void GoBack(KvSequence sequence, int length)
    {
        if (sequence.Length != length) sequence.Truncate(sequence.CanTruncate ? length : 0);
    }

    /// <summary>A job has read; where all of it is read, its next token is chosen.</summary>
    void Settle(Job job, int number)
    {
        if (job.Left > 0) return;
        if (job.Tokens.Count == job.Prompt) scheduler.Share(job);
        var (answer, generation) = (AnswerOf(job), AnswerOf(job).Generation);
        try
        {
            var piece = generation.Next(decoding.Logits(number));
            if (piece is not null) answer.Give(piece);
        }
        catch (Exception e)
        {
            Fail(answer, e);
            return;
        }
        if (generation.Reason is { } reason) Leave(answer, reason);
        else job.Add(generation.Last);
    }

    EngineAnswer AnswerOf(Job job) => answers.Find(a => a.Job == job)!;

    void Leave(EngineAnswer answer, FinishReason reason)
    {
        Remove(answer, keep: true);
        answer.Generation.Cancel();
        answer.End(reason);
    }

    void Fail(EngineAnswer answer, Exception why)
    {
        Remove(answer, keep: false);
        answer.Fail(why);
    }

    void Remove(EngineAnswer answer, bool keep)
    {
        answers.Remove(answer);
        scheduler.Remove(answer.Job, keep);
        Interlocked.Decrement(ref taken);
        times.Took(answer.Asked);
    }

    /// <summary>Ends all answers where they stand, and the thread; the model stays.</summary>
    public void Dispose()
    {
        if (ends) return;
        ends = true;
        wake.Set();
        thread.Join();
        scheduler.Dispose();
        cache.Dispose();
        decoding.Dispose();                                          // wake stays: a token may still be cancelled, and rings it
    }
}
