using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// The log-probabilities of answers by the model as its training began: computed once and kept in the run's folder, so that a training
/// that goes on measures against the same.
/// </summary>
static class ReferenceScores
{
    const string Key = "fingerprint";

    /// <summary>Reads them where they are kept.</summary>
    /// <param name="file">Where.</param>
    /// <param name="data">Gets them.</param>
    /// <param name="fingerprint">Of the data.</param>
    /// <returns>Whether they are there, and of these data.</returns>
    public static bool Read(string file, TrainingData data, string fingerprint)
    {
        if (!File.Exists(file)) return false;
        using var kept = Safetensors.Open(file);
        if (kept.Metadata.GetValueOrDefault(Key) != fingerprint) return false;
        foreach (var (name, documents) in Parts(data))
            if (!kept.Has(name) || kept[name].Shape.Count != documents.Count) return false;
        foreach (var (name, documents) in Parts(data)) documents.Reference = kept[name].Values();
        return true;
    }

    /// <summary>Computes them, and keeps them.</summary>
    /// <param name="file">Where.</param>
    /// <param name="data">Gets them.</param>
    /// <param name="fingerprint">Of the data.</param>
    /// <param name="model">As it is before the first step.</param>
    /// <param name="progress">Told how many pairs are read, of how many.</param>
    /// <param name="cancel">Ends it between two pairs.</param>
    /// <exception cref="OperationCanceledException">It was stopped; nothing is kept.</exception>
    public static void Compute(string file, TrainingData data, string fingerprint, LoadedModel model, Action<long, long>? progress,
        CancellationToken cancel)
    {
        var (lm, done, all) = (model.As<ICausalLm>(), 0L, Parts(data).Sum(p => p.Documents.Count / 2));
        using var arena = new Arena(model.On);
        foreach (var (_, documents) in Parts(data))
        {
            var (pairs, scores) = (new PreferencePairs(documents, seed: null), new float[documents.Count]);
            for (var i = 0; i < pairs.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                arena.Reset();
                var batch = pairs.At(i);
                var pass = new Pass(arena, batch.Ids, batch.Starts) { SelectedRows = Pass.Every(batch.Ids.Length) };
                var own = SequenceScores.Of(lm, pass, batch);
                (scores[2 * i], scores[2 * i + 1]) = ((float)own[0], (float)own[1]);
                progress?.Invoke(++done, all);
            }
            documents.Reference = scores;
        }
        Safetensors.Write(file, Parts(data).Select(p => TensorSource.Of(p.Name, DType.F32, new(p.Documents.Count), p.Documents.Reference)),
            new Dictionary<string, string> { [Key] = fingerprint });
    }

    static IEnumerable<(string Name, MemoryDocuments Documents)> Parts(TrainingData data) =>
        data.Sources.SelectMany((s, i) => ((string, MemoryDocuments)[])
            [($"{i}.training", (MemoryDocuments)s.Training), ($"{i}.validation", (MemoryDocuments)s.Validation)])
            .Where(p => p.Item2.Count > 0);
}
