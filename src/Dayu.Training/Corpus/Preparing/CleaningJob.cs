namespace Dayu.Training;

/// <summary>A corpus to be made.</summary>
public sealed record CleaningJob
{
    /// <summary>Where it is to lie; made where it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Files to be read, those of a source one after another.</summary>
    public required IReadOnlyList<CorpusInput> Inputs { get; init; }

    /// <summary>Texts that a model will be measured with, and whether documents that share an n-gram with them are dropped.</summary>
    public IReadOnlyList<(string Path, bool Excludes)> Evaluations { get; init; } = [];

    /// <summary>The file of the tokenizer that files of token ids were made with; null: there are none.</summary>
    public string? IdTokenizer { get; init; }

    /// <summary>What documents must be like.</summary>
    public CleaningOptions Options { get; init; } = new();

    /// <summary>How many documents are looked at at once; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>A corpus cannot be made as it is wanted; the message says why.</summary>
public sealed class CorpusException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the folder holds a corpus that is made otherwise, or is damaged: it can be made anew.</summary>
    public bool IsOther { get; init; }
}
