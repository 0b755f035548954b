using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What documents must be like to stay in a corpus.</summary>
public sealed record CleaningOptions
{
    /// <summary>How documents lie in files; one takes up to 16 MB.</summary>
    public CorpusOptions Corpus { get; init; } = new() { MaxBytes = 16_000_000 };

    /// <summary>The rules of quality.</summary>
    public QualityRules Quality { get; init; }

    /// <summary>Languages that are kept, as <see cref="LanguageGuess.Language"/> names them; empty: all.</summary>
    public IReadOnlyList<string> Languages { get; init; } = ["en", "zh-hans", "zh-hant", "lzh"];

    /// <summary>Estimated Jaccard similarity from which a document repeats another, 0 … 1; at 1 only exact ones are found.</summary>
    public double Similarity { get; init; } = 0.8;

    /// <summary>The share of documents that is held out, 0 … below 1: those whose hash lies lowest, whatever their order.</summary>
    public double Held { get; init; } = 0.01;

    /// <summary>Words, or Chinese characters, in a row that a document must share with an evaluation text to be found in it.</summary>
    public int Ngram { get; init; } = 13;

    /// <summary>UTF-8 bytes of text after which what is done is saved: so much is lost at most where the program is killed.</summary>
    public long SavedBytes { get; init; } = 32 << 20;

    /// <summary>Compressed bytes from which a new file is begun.</summary>
    public long FileBytes { get; init; } = 256 << 20;

    /// <summary>For the record; the same options give the same bytes of the same files.</summary>
    public JsonObject ToJson() => new()
    {
        ["field"] = Corpus.Field, ["separator"] = Corpus.Separator, ["max_bytes"] = Corpus.MaxBytes,
        ["quality"] = $"{Quality}".ToLowerInvariant(), ["languages"] = new JsonArray([.. Languages.Select(l => (JsonNode)l)]),
        ["similarity"] = Similarity, ["held"] = Held, ["ngram"] = Ngram, ["saved_bytes"] = SavedBytes, ["file_bytes"] = FileBytes,
    };
}
