namespace Dayu.Inference;

/// <summary>Jobs that wait: owners take turns, each owner's in their order.</summary>
sealed class FairQueue
{
    readonly LinkedList<(string Owner, LinkedList<Job> Jobs)> owners = [];              // whose turn is next first

    /// <summary>Jobs that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The job whose turn it is; null: none waits that can go on.</summary>
    public Job? Peek()
    {
        foreach (var (_, jobs) in owners)
            foreach (var job in jobs)
                if (!job.IsPaused) return job;
        return null;
    }

    /// <summary>A job comes last of its owner's.</summary>
    public void Add(Job job) => Of(job, isNext: false).AddLast(job);

    /// <summary>A job that had a place comes before all of its owner's, and its owner is next.</summary>
    public void Return(Job job) => Of(job, isNext: true).AddFirst(job);

    /// <summary>A job waits no more; its owner's next comes after those of all others.</summary>
    public void Remove(Job job)
    {
        for (var node = owners.First; node is not null; node = node.Next)
        {
            if (node.Value.Owner != job.Owner) continue;
            if (!node.Value.Jobs.Remove(job)) return;
            Count--;
            owners.Remove(node);
            if (node.Value.Jobs.Count > 0) owners.AddLast(node);
            return;
        }
    }

    LinkedList<Job> Of(Job job, bool isNext)
    {
        Count++;
        var node = owners.First;
        while (node is not null && node.Value.Owner != job.Owner) node = node.Next;
        if (node is null) node = owners.AddLast((job.Owner, new LinkedList<Job>()));
        if (isNext)
        {
            owners.Remove(node);
            owners.AddFirst(node);
        }
        return node.Value.Jobs;
    }
}
