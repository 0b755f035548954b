using System.Diagnostics;

namespace Dayu.Training;

/// <summary>The documents of files, in batches that are worth a thread's while.</summary>
/// <param name="inputs">The files.</param>
/// <param name="options">How documents lie in them.</param>
/// <param name="ids">Reads files of token ids; null: they are in no format that is known.</param>
sealed class BatchReader(IReadOnlyList<CorpusInput> inputs, CorpusOptions options, IdText? ids)
{
    const int Documents = 256, Characters = 1 << 20;

    long ticks;

    /// <summary>Time that reading took since it was last asked.</summary>
    public long TakeTicks() => Interlocked.Exchange(ref ticks, 0);

    /// <summary>Batches from a place on.</summary>
    /// <param name="input">The first file.</param>
    /// <param name="first">Its first document.</param>
    /// <param name="cancel">Ends it.</param>
    public IEnumerable<DocumentBatch<RawDocument>> Read(int input, long first, CancellationToken cancel)
    {
        for (var i = input; i < inputs.Count; i++)
        {
            Stream? file = null;
            var (batch, characters, number, begun) = (new List<RawDocument>(), 0, 0L, i == input ? first : 0);
            var at = Stopwatch.GetTimestamp();
            foreach (var document in Of(inputs[i], f => file = f))
            {
                cancel.ThrowIfCancellationRequested();
                if (number++ < begun) continue;
                batch.Add(document);
                characters += document.Text?.Length ?? 0;
                if (batch.Count < Documents && characters < Characters) continue;
                ticks += Stopwatch.GetTimestamp() - at;
                yield return new(i, number - batch.Count, batch, Position(file));
                (batch, characters, at) = ([], 0, Stopwatch.GetTimestamp());
            }
            ticks += Stopwatch.GetTimestamp() - at;
            yield return new(i, number - batch.Count, batch, inputs[i].Bytes);   // the end of a file is told, if it were empty
        }
    }

    static long Position(Stream? file) => file is { CanSeek: true } ? file.Position : 0;

    IEnumerable<RawDocument> Of(CorpusInput input, Action<Stream> opened)
    {
        var (skipped, name) = (new Queue<SkippedDocument>(), Path.GetFileName(input.Path));
        if (ids is not null && IdText.Knows(input.Path))
        {
            foreach (var document in Of(ids.Read(input.Path, skipped.Enqueue))) yield return document;
            yield break;
        }
        if (Damage.Try(() => File.OpenRead(input.Path), out var fault) is not { } file)
        {
            yield return new(input.Label, null, fault);
            yield break;
        }
        opened(file);
        using var content = Packing.Open(file, input.Path);
        foreach (var document in Of(CorpusFile.Read(content, input.Path, options, skipped.Enqueue))) yield return document;

        IEnumerable<RawDocument> Of(IEnumerable<ReadDocument> documents)
        {
            foreach (var document in documents)
            {
                while (skipped.TryDequeue(out var before)) yield return new(Place(before.Place), null, before.Reason);
                yield return new(Place(document.Place), document.Text, null);
            }
            while (skipped.TryDequeue(out var last)) yield return new(Place(last.Place), null, last.Reason);
        }

        string Place(string place) =>
            place.StartsWith(name, StringComparison.Ordinal) ? string.Concat(input.Label, place.AsSpan(name.Length)) : place;
    }
}
