namespace Dayu.Training;

/// <summary>Documents of files by the suffixes of their names: <c>books.jsonl.zst</c> is JSON lines in Zstandard.</summary>
public static class CorpusFile
{
    static readonly Dictionary<string, Func<CorpusOptions, CorpusReader>> formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".txt"] = o => new PlainText(o),
        [".md"] = o => new PlainText(o),
        [".html"] = o => new HtmlText(o),
        [".htm"] = o => new HtmlText(o),
        [".jsonl"] = o => new JsonLinesText(o),
        [".csv"] = o => new CsvText(o, ','),
        [".tsv"] = o => new CsvText(o, '\t'),
        [".parquet"] = o => new ParquetText(o),
    };

    /// <summary>Suffixes of files that can be read, each also followed by one of <see cref="Packing.Suffixes"/>.</summary>
    public static IReadOnlyCollection<string> Formats => formats.Keys;

    /// <summary>Whether a file of this name can be read.</summary>
    public static bool Knows(string path) => formats.ContainsKey(Suffix(path));

    /// <summary>
    /// The documents of a file, one at a time. A file that cannot be opened, is of no known format or is damaged is no error: what is
    /// missing is skipped.
    /// </summary>
    /// <param name="path">Which.</param>
    /// <param name="options">How documents lie in it.</param>
    /// <param name="skip">Receives what is skipped, and why.</param>
    /// <param name="opened">Receives the file, packed as it is, whose position tells how far reading is.</param>
    public static IEnumerable<ReadDocument> Read(
        string path, CorpusOptions options, Action<SkippedDocument> skip, Action<Stream>? opened = null)
    {
        var name = Path.GetFileName(path);
        if (!formats.TryGetValue(Suffix(path), out var format))
        {
            skip(new(name, $"its format is not known; expected a name that ends in {string.Join(", ", Formats)}, "
                + $"or one of them and {string.Join(" or ", Packing.Suffixes)}"));
            yield break;
        }
        if (Damage.Try(() => File.OpenRead(path), out var fault) is not { } file)
        {
            skip(new(name, fault!));
            yield break;
        }
        opened?.Invoke(file);
        using var content = Packing.Open(file, path);
        foreach (var document in format(options).Read(content, name, skip)) yield return document;
    }

    static string Suffix(string path) => Path.GetExtension(Packing.NameWithin(path));
}
