namespace Dayu.Training;

/// <summary>Work on several things at once whose results come in the order of the things, as if done one after the other.</summary>
static class InOrder
{
    /// <summary>Each thing's result. Things are taken, and results given, by the caller's thread.</summary>
    /// <param name="things">What is worked on; taken as results are.</param>
    /// <param name="work">What is done, on any thread.</param>
    /// <param name="threads">How many at once.</param>
    public static IEnumerable<TOut> Map<TIn, TOut>(IEnumerable<TIn> things, Func<TIn, TOut> work, int threads)
    {
        if (threads <= 1)
        {
            foreach (var thing in things) yield return work(thing);
            yield break;
        }
        var running = new Queue<Task<TOut>>();
        try
        {
            foreach (var thing in things)
            {
                if (running.Count > threads) yield return running.Dequeue().GetAwaiter().GetResult();
                running.Enqueue(Task.Run(() => work(thing)));
            }
            while (running.TryDequeue(out var next)) yield return next.GetAwaiter().GetResult();
        }
        finally
        {
            // Nothing goes on behind the caller's back; what failed after the first failure is of no interest.
            try { Task.WaitAll(running); }
            catch (AggregateException) { }
        }
    }
}
