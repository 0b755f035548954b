using System.Diagnostics;
using System.Text;

namespace Dayu.Training;

/// <summary>
/// The steps that look at documents one after another, and what is written. It is saved behind the first document with which so many
/// bytes have been read, whatever the time, so that all runs save at the same places.
/// </summary>
sealed class CorpusSoFar : IDisposable
{
    readonly CleaningJob job;
    readonly EvaluationTexts evaluation;
    readonly string work;
    readonly ExactIndex exact;
    readonly NearIndex? near;
    readonly PlaceLog places;
    readonly List<CleanedFile> files;
    CleanedWriter? text, held;
    SourceReport? source;
    long unsaved;
    int input;

    /// <summary>Goes on from a state.</summary>
    public CorpusSoFar(CleaningJob job, EvaluationTexts evaluation, MinHash? hash, CleaningState state, string work)
    {
        (this.job, this.evaluation, this.work, State, input) = (job, evaluation, work, state, state.Input);
        files = [.. state.Files];
        exact = new(work, state.Exact);
        near = hash is null ? null : new(work, hash.Hashes, job.Options.Similarity, state.Near);
        places = new(Path.Combine(work, "places.log"), state.Places);
        if (state.Input < job.Inputs.Count) Begin(job.Inputs[state.Input].Source);
    }

    /// <summary>As it was last saved.</summary>
    public CleaningState State { get; private set; }

    /// <summary>Counts.</summary>
    public CleaningReport Report => State.Report;

    void Begin(string name)
    {
        source = Report.Source(name);
        text = Writer(CleanedFile.TextPrefix);
        held = Writer(CleanedFile.HeldPrefix);

        CleanedWriter Writer(string prefix) => new(job.Folder, name, prefix, job.Options.FileBytes,
            files.Where(f => f.Source == name && f.Name.StartsWith(prefix, StringComparison.Ordinal)));
    }

    /// <summary>Decides what becomes of a document.</summary>
    /// <param name="document">It.</param>
    /// <param name="file">The number of its file.</param>
    /// <param name="number">Its number there.</param>
    public void Settle(JudgedDocument document, int file, long number)
    {
        if (file != input) Enter(file, number);
        var at = Stopwatch.GetTimestamp();
        if (document.Drop is null) document.Drop = Repeated(document, ref at);
        if (document.Drop is null && document.Hits.Count > 0) document.Drop = Measured(document);
        Next(CleaningStep.Evaluation);
        source!.Count(document.Drop?.Step, new(1, document.BytesRead), new(1, document.Bytes));
        Report.Count(document.Lines);
        if (document.Drop is not null) Report.Drop(document);
        else Keep(document);
        unsaved += document.BytesRead;
        if (unsaved >= job.Options.SavedBytes) Save(number + 1);
        Next(CleaningStep.Write);

        void Next(CleaningStep step)
        {
            Report.Took(step, Stopwatch.GetTimestamp() - at);
            at = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>The files between have been read, empty ones among them.</summary>
    void Enter(int file, long number)
    {
        for (; input < file; input++) Pass();
        var name = job.Inputs[file].Source;
        if (name == source!.Name) return;
        Save(number);
        Begin(name);
    }

    DroppedDocument? Repeated(JudgedDocument document, ref long at)
    {
        var place = places.Add(document.Place);
        var first = exact.Add(document.Hash, place);
        Report.Took(CleaningStep.Exact, Stopwatch.GetTimestamp() - at);
        at = Stopwatch.GetTimestamp();
        if (first >= 0) return new(CleaningStep.Exact, "exact", places.Read(first));
        if (near is null || document.Signature is null) return null;
        var (nearest, similarity) = near.Add(document.Signature, place);
        Report.Took(CleaningStep.Near, Stopwatch.GetTimestamp() - at);
        at = Stopwatch.GetTimestamp();
        return nearest < 0 ? null : new(CleaningStep.Near, "near", $"{places.Read(nearest)} ({similarity:F2})");
    }

    DroppedDocument? Measured(JudgedDocument document)
    {
        for (var i = 0; i < evaluation.Files.Count; i++) Report.Evaluations[i].Add(document, i);
        foreach (var hit in document.Hits)
            if (evaluation.Files[hit.File] is { Excludes: true, Path: var path })
                return new(CleaningStep.Evaluation, Path.GetFileName(path), document.Gram ?? "");
        return null;
    }

    void Keep(JudgedDocument document)
    {
        var (isHeld, language) = (document.Lot < job.Options.Held, document.Language!.Language);
        (isHeld ? held! : text!).Add(document.Text, document.Place, language);
        var characters = Encoding.UTF32.GetByteCount(document.Text) / 4;
        source!.Keep(language, new(1, document.Bytes, characters), isHeld);
    }

    /// <summary>All files have been read.</summary>
    public void End()
    {
        for (; input < job.Inputs.Count; input++) Pass();
        Save(0);
    }

    void Pass() => Report.Source(job.Inputs[input].Source).Read += new Amount(0, job.Inputs[input].Bytes);

    void Save(long document)
    {
        text?.Save();
        held?.Save();
        exact.Flush();
        near?.Flush();
        places.Flush();
        if (source is not null)
        {
            files.RemoveAll(f => f.Source == source.Name);
            files.AddRange([.. text!.Files, .. held!.Files]);
        }
        State = State with
        {
            Input = input, Document = document, Exact = exact.Count, Near = near?.Count ?? 0, Places = places.Length, Files = [.. files],
        };
        State.Write(Path.Combine(work, "state.json"));
        unsaved = 0;
    }

    public void Dispose()
    {
        text?.Dispose();
        held?.Dispose();
        exact.Dispose();
        near?.Dispose();
        places.Dispose();
    }
}
