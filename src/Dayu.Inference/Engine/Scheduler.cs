using Dayu.Models;

namespace Dayu.Inference;

/// <summary>
/// Decides what the next pass reads: a token of every answer, then prompts in pieces, then those that wait, owner by owner. It knows
/// tokens and blocks, and no model. Where blocks run out, texts that are over are given up first, then the job that came last waits
/// again. Yu et al. 2022 (Orca); Kwon et al. 2023, arXiv:2309.06180; Agrawal et al. 2023, arXiv:2308.16369 (prompts in pieces).
/// </summary>
/// <param name="cache">Blocks.</param>
/// <param name="chunk">Tokens of a pass at most.</param>
/// <param name="together">Jobs that have a place at most.</param>
sealed class Scheduler(KvCache cache, int chunk, int together) : IDisposable
{
    readonly FairQueue waiting = new();
    readonly List<Job> running = [];                                 // in the order they got a place

    /// <summary>Texts that are over, to begin from.</summary>
    public PrefixCache Prefixes { get; } = new(cache);

    /// <summary>Jobs that wait.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Jobs that have a place.</summary>
    public int Running => running.Count;

    /// <summary>Takes a job.</summary>
    public void Add(Job job) => waiting.Add(job);

    /// <summary>A job is over; what it has read may be begun from.</summary>
    /// <param name="job">Which.</param>
    /// <param name="keep">Whether its text is sound.</param>
    public void Remove(Job job, bool keep = true)
    {
        running.Remove(job);
        waiting.Remove(job);
        if (job.Leave() is not { } sequence) return;
        if (keep) Prefixes.Keep(job.Tokens, sequence);
        else sequence.Dispose();
    }

    /// <summary>A job has read its prompt: others that begin alike may go on from it at once.</summary>
    public void Share(Job job) => Prefixes.Keep(job.Tokens, job.Sequence!.Fork());

    /// <summary>What the next pass reads; nothing where nobody has anything to read.</summary>
    public List<Turn> Next()
    {
        var turns = new List<Turn>();
        var (room, promised) = (chunk, 0);
        foreach (var job in running.Where(j => !j.IsReading).ToArray()) Take(job, 1);
        foreach (var job in running.Where(j => j.IsReading).ToArray()) Take(job, Math.Min(job.Left, room));
        while (room > 0 && running.Count(j => !j.IsPaused) < together && waiting.Peek() is { } next && Enters(next))
            if (!Take(next, Math.Min(next.Left, room))) break;
        return turns;

        // who is behind does not keep others out
        bool Enters(Job next) => Admit(next) || turns.Count == 0 && YieldPaused() && Enters(next);

        bool Take(Job job, int tokens)
        {
            if (tokens <= 0 || job.IsPaused || job.Sequence is null) return false;  // it lost its place to one before it
            while (!IsFree(() => promised + job.Sequence!.BlocksFor(tokens)))
                if (!Preempt(turns, ref room, ref promised, job)) return false;
            promised += job.Sequence.BlocksFor(tokens);
            room -= tokens;
            turns.Add(new(job, tokens));
            return true;
        }
    }

    /// <summary>The paused job that came last loses its place.</summary>
    /// <returns>Whether there was one.</returns>
    bool YieldPaused()
    {
        if (running.FindLast(j => j.IsPaused) is not { } last) return false;
        running.Remove(last);
        last.Leave()!.Dispose();
        waiting.Return(last);
        return true;
    }

    /// <summary>The job that came last waits again, before all others of its owner.</summary>
    /// <returns>Whether the job that needs room still has its place.</returns>
    bool Preempt(List<Turn> turns, ref int room, ref int promised, Job forWhom)
    {
        var last = running[^1];
        var turn = turns.FindIndex(t => t.Of == last);
        if (turn >= 0)
        {
            promised -= last.Sequence!.BlocksFor(turns[turn].Tokens);
            room += turns[turn].Tokens;
            turns.RemoveAt(turn);
        }
        running.RemoveAt(running.Count - 1);
        last.Leave()!.Dispose();
        waiting.Return(last);
        return last != forWhom;
    }

    /// <summary>Gives the job a place where all of its text and one token more has room.</summary>
    bool Admit(Job job)
    {
        if (running.Exists(r => r is { IsReading: true, IsPaused: false } && IsWorthWaiting(r, job))) return false;
        var sequence = Prefixes.Begin(job.Tokens);
        if (!IsFree(() => sequence.BlocksFor(job.Tokens.Count + 1 - sequence.Length) + running.Sum(r => r.Sequence!.BlocksFor(r.Left))))
        {
            sequence.Dispose();
            return false;
        }
        waiting.Remove(job);
        running.Add(job);
        job.Enter(sequence);
        return true;
    }

    /// <summary>Makes room. A sequence that shares a block with a text that is given up for it needs one less afterwards.</summary>
    bool IsFree(Func<int> blocks) => Prefixes.Free(blocks()) || Prefixes.Free(blocks());

    /// <summary>Whether a text that is being read begins as this one does, by a block more than what is kept.</summary>
    bool IsWorthWaiting(Job reading, Job job) =>
        ReadPrompt.Shared(reading.Tokens, job.Tokens) >= Prefixes.Held(job.Tokens) + cache.BlockSize;

    /// <summary>Gives all blocks back.</summary>
    public void Dispose()
    {
        foreach (var job in running) job.Leave()?.Dispose();
        running.Clear();
        Prefixes.Dispose();
    }
}
