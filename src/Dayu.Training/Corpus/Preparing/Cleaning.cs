using System.Text.Json.Nodes;
using Dayu.Hub;

namespace Dayu.Training;

/// <summary>
/// Makes a corpus of files: step by step, one document at a time, in memory that does not grow with the input. The same job gives the
/// same bytes, on any number of threads, and however often it was stopped.
/// </summary>
public sealed class Cleaning : IDisposable
{
    readonly CleaningJob job;
    readonly string work;
    readonly JsonObject made;
    readonly FileStream held;

    /// <summary>Takes the folder: nobody else makes a corpus there meanwhile.</summary>
    /// <param name="job">What is wanted.</param>
    /// <param name="anew">Whether a corpus that was made otherwise gives way.</param>
    /// <exception cref="CorpusException">Something is wrong with the job, or the folder.</exception>
    public Cleaning(CleaningJob job, bool anew = false)
    {
        (this.job, work) = (job, Path.Combine(job.Folder, PreparedCorpus.Work));
        Check();
        made = MadeOf.Json(job);
        held = CorpusLock.Hold(job.Folder);
        try { Clear(anew); }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    string StatePath => Path.Combine(work, "state.json");

    void Check()
    {
        if (job.Inputs.Count == 0) throw new CorpusException("there is no file to read");
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(job.Folder)) + Path.DirectorySeparatorChar;
        foreach (var input in job.Inputs)
            if (Path.GetFullPath(input.Path).StartsWith(folder, StringComparison.Ordinal))
                throw new CorpusException($"{input.Path} lies in {job.Folder}, where the corpus is to be written; name another folder");
    }

    /// <summary>What another job left gives way, or is in the way.</summary>
    void Clear(bool anew)
    {
        var (whole, begun) = anew ? (null, null) : Found();
        if (!anew && (whole?.Made ?? begun?.Made) is { } then)
        {
            if (MadeOf.Difference(then, made) is { } difference)
                throw new CorpusException($"{job.Folder} holds a corpus that was made otherwise ({difference})") { IsOther = true };
            return;
        }
        if (!anew && Directory.EnumerateFileSystemEntries(job.Folder).Any(e => Path.GetFileName(e) != PreparedCorpus.Work))
            throw new CorpusException($"{job.Folder} holds other files, and no corpus; name a folder that is empty or not there");
        File.Delete(Path.Combine(job.Folder, PreparedCorpus.Record));
        File.Delete(StatePath);
        foreach (var folder in anew ? Directory.GetDirectories(job.Folder) : [])
            foreach (var file in Directory.GetFiles(folder, "*.jsonl.zst").Where(IsOurs)) File.Delete(file);
    }

    /// <summary>What lies there, whole or begun; what is damaged can only be made anew.</summary>
    (PreparedCorpus? Whole, CleaningState? Begun) Found()
    {
        try { return (PreparedCorpus.Open(job.Folder), CleaningState.Read(StatePath)); }
        catch (InvalidDataException e) { throw new CorpusException(e.Message, e) { IsOther = true }; }
    }

    static bool IsOurs(string path) => Path.GetFileName(path).Split('-')[0] is CleanedFile.TextPrefix or CleanedFile.HeldPrefix;

    /// <summary>Makes the corpus, or goes on with it; one that is whole is left as it is.</summary>
    /// <param name="progress">Told how many bytes of the inputs were read, of how many.</param>
    /// <param name="cancel">Stops it; what was done stays, and the same job goes on.</param>
    /// <exception cref="IOException">The disk is full, say. What was done stays.</exception>
    /// <exception cref="InvalidDataException">A file of evaluation texts, or of the corpus, is damaged.</exception>
    public PreparedCorpus Run(Action<long, long>? progress, CancellationToken cancel)
    {
        if (PreparedCorpus.Open(job.Folder) is { } whole) return whole;
        var evaluation = new EvaluationTexts(job.Options.Ngram, job.Options.Corpus);
        foreach (var (path, excludes) in job.Evaluations) evaluation.Add(path, excludes);
        var state = CleaningState.Read(StatePath) ?? new()
        {
            Made = made, Report = new([.. job.Inputs.Select(i => i.Source).Distinct()], evaluation.Files),
        };
        state.Write(StatePath);                                      // before anything else lies in the folder
        MinHash? hash = job.Options.Similarity < 1 ? new() : null;
        var judge = new DocumentJudge(job.Options, hash, evaluation);
        using (var corpus = new CorpusSoFar(job, evaluation, hash, state, work))
        {
            var reader = new BatchReader(job.Inputs, job.Options.Corpus, Ids());
            var (before, all, told) = (Before(), job.Inputs.Sum(i => i.Bytes), 0L);
            var batches = InOrder.Map(reader.Read(state.Input, state.Document, cancel), b => Judge(judge, b), job.Threads);
            foreach (var (batch, ticks) in batches)
            {
                cancel.ThrowIfCancellationRequested();
                corpus.Report.Took(ticks);
                for (var i = 0; i < batch.Documents.Count; i++) corpus.Settle(batch.Documents[i], batch.Input, batch.First + i);
                progress?.Invoke(told = Math.Max(told, before[batch.Input] + batch.Position), all);
                corpus.Report.Took(CleaningStep.Extract, reader.TakeTicks());
            }
            corpus.End();
            state = corpus.State;
        }
        var corpusMade = PreparedCorpus.Write(job.Folder, made, state.Files, state.Report);
        foreach (var file in Directory.GetFiles(work)) if (file != held.Name) File.Delete(file);
        return corpusMade;
    }

    IdText? Ids() => job.IdTokenizer is { } path ? new(TokenizerFiles.Open(path), job.Options.Corpus) : null;

    long[] Before()
    {
        var before = new long[job.Inputs.Count];
        for (var i = 1; i < before.Length; i++) before[i] = before[i - 1] + job.Inputs[i - 1].Bytes;
        return before;
    }

    static (DocumentBatch<JudgedDocument> Batch, long[] Ticks) Judge(DocumentJudge judge, DocumentBatch<RawDocument> batch)
    {
        var ticks = new long[Enum.GetValues<CleaningStep>().Length];
        return (new(batch.Input, batch.First, judge.Judge(batch.Documents, ticks), batch.Position), ticks);
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => held.Dispose();
}
