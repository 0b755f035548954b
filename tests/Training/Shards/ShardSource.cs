using Dayu.Hub;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Lines of text as they are tokenised in memory, and the same written as shards.</summary>
static class ShardSource
{
    /// <summary>Lines of drawn lengths.</summary>
    public static string Lines { get; } = string.Join('\n', Enumerable.Range(0, 90)
        .Select(i => $$"""{"text": "{{string.Concat(Enumerable.Range(0, 1 + i * i % 13).Select(j => $"{i + j} is {i * j}, "))}}"}"""));

    /// <summary>The lines in memory, as a run of this tokenizer reads them.</summary>
    public static DataSource InMemory(Recipe recipe, RunFolder run, IModel model) =>
        new TrainingData(recipe, TrainingSources.Of(recipe.Data, [Lines]), TextCoding.Of(run), model).Sources[0];

    /// <summary>Writes a source that is in memory as a set, its tokenizer in the folder above.</summary>
    public static void Write(DataSource source, RunFolder run, string folder, long tokensPerFile)
    {
        var (_, hash) = ShardTokenizer.Keep(run.TokenizerPath, Path.GetDirectoryName(folder)!);
        using var writer = new ShardWriter(
            folder, "lines", hash, TokenizerFiles.Open(run.TokenizerPath).VocabularySize, tokensPerFile);
        foreach (var (documents, held) in ((Documents, bool)[])[(source.Training, false), (source.Validation, true)])
        {
            var all = (MemoryDocuments)documents;
            for (var d = 0; d < all.Count; d++)
                writer.Add(all.Ids.Slice(all.StartOf(d), all.LengthOf(d)), int.Parse(all.PlaceOf(d).Split(':')[1]), held);
        }
        writer.Finish([]);
    }
}
