namespace Dayu.Training;

/// <summary>How documents lie in files.</summary>
public sealed record CorpusOptions
{
    /// <summary>The member of a line or the column of a table that holds a document's text.</summary>
    public string Field { get; init; } = "text";

    /// <summary>The line that parts the documents of a txt or md file; null: a file is one document.</summary>
    public string? Separator { get; init; }

    /// <summary>Bytes of a document at most; a longer one is skipped. It bounds the memory that reading takes.</summary>
    public int MaxBytes { get; init; } = 64 << 20;
}
