using System.Text.Json;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>An n-gram of an evaluation text that stands in a document.</summary>
/// <param name="Gram">Its hash.</param>
/// <param name="File">The evaluation file, by its number.</param>
/// <param name="Unit">The first of its units in the document.</param>
public readonly record struct EvaluationHit(ulong Gram, int File, int Unit);

/// <summary>
/// Which texts a model will be measured with, as hashes of all n-grams of their units: what a document has in common with them it could
/// be remembered for (Brown et al. 2020, arXiv:2005.14165, appendix C, with 13 words).
/// </summary>
/// <param name="ngram">Units of a gram.</param>
/// <param name="options">How texts lie in files.</param>
public sealed class EvaluationTexts(int ngram, CorpusOptions options)
{
    readonly Dictionary<ulong, int> grams = [];                      // to the file it first stood in
    readonly List<EvaluationFile> files = [];

    /// <summary>The files, in the order they were read.</summary>
    public IReadOnlyList<EvaluationFile> Files => files;

    /// <summary>Units of a gram.</summary>
    public int Ngram => ngram;

    /// <summary>Reads a file of texts; of <c>.json</c> every string is one.</summary>
    /// <param name="path">Which.</param>
    /// <param name="excludes">Whether documents that share a gram with it are dropped; else they are told of.</param>
    /// <exception cref="InvalidDataException">Nothing, or not all of it, can be read.</exception>
    public void Add(string path, bool excludes)
    {
        var (texts, before, skipped) = (0, grams.Count, new List<SkippedDocument>());
        foreach (var text in path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Strings(path)
            : CorpusFile.Read(path, options, skipped.Add).Select(d => d.Text))
        {
            texts++;
            foreach (var (_, gram) in GramsOf(TextUnits.Of(text).ConvertAll(MinHash.HashOf))) grams.TryAdd(gram, files.Count);
        }
        if (skipped.Count > 0) throw new InvalidDataException($"{path}: {skipped[0].Place}: {skipped[0].Reason}");
        if (texts == 0) throw new InvalidDataException($"{path} has no text");
        files.Add(new(path, excludes, texts, grams.Count - before));
    }

    static IEnumerable<string> Strings(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var json = JsonDocument.Parse(file);
            var texts = new List<string>();
            Collect(json.RootElement, texts);
            return texts;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is no JSON: {e.Message}", e);
        }
    }

    /// <summary>A document of JSON is at most 64 deep.</summary>
    static void Collect(JsonElement json, List<string> texts)
    {
        if (json.ValueKind == JsonValueKind.String) texts.Add(json.GetString()!);
        else if (json.ValueKind == JsonValueKind.Array) foreach (var item in json.EnumerateArray()) Collect(item, texts);
        else if (json.ValueKind == JsonValueKind.Object) foreach (var member in json.EnumerateObject()) Collect(member.Value, texts);
    }

    /// <summary>The different grams that a document shares, as they come in it; empty: none.</summary>
    /// <param name="units">Hashes of the document's units.</param>
    internal IReadOnlyList<EvaluationHit> In(List<ulong> units)
    {
        if (grams.Count == 0) return [];
        List<EvaluationHit>? hits = null;
        HashSet<ulong>? seen = null;
        foreach (var (unit, gram) in GramsOf(units))
            if (grams.TryGetValue(gram, out var file) && (seen ??= []).Add(gram)) (hits ??= []).Add(new(gram, file, unit));
        return hits ?? [];
    }

    /// <summary>A text of fewer units has none: what is so short stands everywhere.</summary>
    IEnumerable<(int Unit, ulong Gram)> GramsOf(List<ulong> units)
    {
        for (var i = 0; i + ngram <= units.Count; i++)
        {
            var hash = 0UL;
            for (var k = i; k < i + ngram; k++) hash = CounterRng.Mix(hash * 31 + units[k]);
            yield return (i, hash);
        }
    }
}

/// <summary>A file of evaluation texts.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Excludes">Whether documents that share a gram with it are dropped.</param>
/// <param name="Texts">Texts in it.</param>
/// <param name="Grams">Different n-grams that no file before it has.</param>
public sealed record EvaluationFile(string Path, bool Excludes, int Texts, int Grams);
