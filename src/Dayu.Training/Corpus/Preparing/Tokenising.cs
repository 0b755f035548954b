using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>
/// Makes shards of a corpus: a set of token ids for each source, several documents at once and in the corpus's order. What is there
/// already, of this corpus and this tokenizer, stays; what was stopped goes on.
/// </summary>
public sealed class Tokenising : IDisposable
{
    const int Documents = 256, Characters = 1 << 20;                 // of a batch

    readonly PreparedCorpus corpus;
    readonly string folder, work, hash;
    readonly int threads;
    readonly FileStream held;

    /// <summary>Keeps the tokenizer beside the sets.</summary>
    /// <param name="corpus">Which documents.</param>
    /// <param name="tokenizer">A tokenizer's file, a folder or a model that has one.</param>
    /// <param name="threads">How many batches at once; the result does not depend on it.</param>
    /// <exception cref="InvalidDataException">Sets of another tokenizer lie there.</exception>
    public Tokenising(PreparedCorpus corpus, string tokenizer, int threads)
    {
        (this.corpus, this.threads) = (corpus, threads);
        folder = Path.Combine(corpus.Folder, PreparedCorpus.Shards);
        work = Path.Combine(corpus.Folder, PreparedCorpus.Work);
        held = CorpusLock.Hold(corpus.Folder);
        try
        {
            (var path, hash) = ShardTokenizer.Keep(tokenizer, folder);
            Tokenizer = TokenizerFiles.Open(path);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Text to ids.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Tokens after which what is done is saved.</summary>
    public long SavedTokens { get; init; } = 1 << 23;

    /// <summary>Where the sets lie.</summary>
    public string Folder => folder;

    /// <summary>Makes what is missing.</summary>
    /// <param name="progress">Told how many bytes of the corpus's files were read, of how many.</param>
    /// <param name="cancel">Stops it; what was done stays.</param>
    public IReadOnlyList<TokenReport> Run(Action<long, long>? progress, CancellationToken cancel)
    {
        var (reports, all, before) = (new List<TokenReport>(), corpus.Report.Sources.Sum(s => s.Kept.Bytes), 0L);
        foreach (var source in corpus.Sources)
        {
            reports.Add(Made(source) ?? Make(source, done => progress?.Invoke(before + done, all), cancel));
            before += corpus.Report.Sources.First(s => s.Name == source).Kept.Bytes;
        }
        return reports;
    }

    /// <summary>The set of a source, where it is this corpus's.</summary>
    TokenReport? Made(string source)
    {
        var path = Path.Combine(folder, source, ShardSet.FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path))!;
            return (string?)json["tokenizer"] == hash && (string?)json["made"]?["corpus"] == corpus.Fingerprint
                ? TokenReport.Of(json["made"]!["report"]!) : null;
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            return null;                                             // it is made anew
        }
    }

    TokenReport Make(string source, Action<long> progress, CancellationToken cancel)
    {
        var (set, state) = (Path.Combine(folder, source), Path.Combine(work, $"tokens-{source}.json"));
        var done = TokenState.Read(state, corpus.Fingerprint, hash) ?? new();
        ShardWriter? resumed = null;
        try { resumed = done.Writer is null ? null : ShardWriter.Resume(set, source, hash, Tokenizer.VocabularySize, done.Writer); }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
        {
            done = new();                                            // its files are gone: they are written anew
        }
        using var writer = resumed ?? new ShardWriter(set, source, hash, Tokenizer.VocabularySize);
        var saved = done.All;
        foreach (var batch in InOrder.Map(Batches(source, done.Documents, cancel), Encode, threads))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var (document, ids) in batch)
            {
                writer.Add(ids, done.Documents, document.IsHeld);
                done.Count(document, ids.Length);
            }
            progress(done.Bytes);
            if (done.All - saved < SavedTokens) continue;
            (done.Writer, saved) = (writer.State(), done.All);
            done.Write(state, corpus.Fingerprint, hash);
        }
        var report = new TokenReport(source, done.Tokens, done.Held, done.Languages, IsNew: true);
        writer.Finish(new() { ["corpus"] = corpus.Fingerprint, ["report"] = report.ToJson() });
        File.Delete(state);
        return report;
    }

    IEnumerable<List<CleanedDocument>> Batches(string source, long first, CancellationToken cancel)
    {
        var (batch, characters, number) = (new List<CleanedDocument>(), 0, 0L);
        foreach (var document in corpus.Read(source))
        {
            cancel.ThrowIfCancellationRequested();
            if (number++ < first) continue;
            batch.Add(document);
            characters += document.Text.Length;
            if (batch.Count < Documents && characters < Characters) continue;
            yield return batch;
            (batch, characters) = ([], 0);
        }
        if (batch.Count > 0) yield return batch;
    }

    /// <summary>Each begun and ended as the tokenizer does it, or by a line end where it has no token for that, as in training.</summary>
    List<(CleanedDocument Document, int[] Ids)> Encode(List<CleanedDocument> batch)
    {
        var (special, encoded) = (Tokenizer.Special, new List<(CleanedDocument, int[])>(batch.Count));
        int[] before = special is { AddBos: true, Bos: { } bos } ? [bos] : [], after = special.Eos is { } eos ? [eos] : [];
        foreach (var document in batch)
        {
            var text = special.Eos is null ? document.Text + "\n" : document.Text;
            encoded.Add((document, [.. before, .. Tokenizer.Encode(text, addSpecial: false, parseSpecial: false), .. after]));
        }
        return encoded;
    }

    /// <summary>Lets the folder go.</summary>
    public void Dispose() => held.Dispose();
}
