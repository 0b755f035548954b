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
    public static IEnumerable<ReadDocument> Read(string path, CorpusOptions options, Action<SkippedDocument> skip)
    {
        if (!Knows(path)) skip(Unknown(path));
        else if (Damage.Try(() => File.OpenRead(path), out var fault) is not { } file) skip(new(Path.GetFileName(path), fault!));
        else
        {
            using var content = Packing.Open(file, path);
            foreach (var document in Read(content, path, options, skip)) yield return document;
        }
    }

    /// <summary>The same of a file that is open, or in memory.</summary>
    /// <inheritdoc cref="Read(string, CorpusOptions, Action{SkippedDocument})"/>
    /// <param name="content">Its bytes, uncompressed.</param>
    /// <param name="path">What it is called; its suffix says the format.</param>
    /// <param name="options">How documents lie in it.</param>
    /// <param name="skip">Receives what is skipped, and why.</param>
    public static IEnumerable<ReadDocument> Read(Stream content, string path, CorpusOptions options, Action<SkippedDocument> skip)
    {
        if (formats.TryGetValue(Suffix(path), out var format)) return format(options).Read(content, Path.GetFileName(path), skip);
        skip(Unknown(path));
        return [];
    }

    static SkippedDocument Unknown(string path) => new(Path.GetFileName(path),
        $"its format is not known; expected a name that ends in {string.Join(", ", Formats)}, "
            + $"or one of them and {string.Join(" or ", Packing.Suffixes)}");

    static string Suffix(string path) => Path.GetExtension(Packing.NameWithin(path));
}
