namespace Dayu.Training;

/// <summary>A document, or a part of a file that could not be read, before it is judged.</summary>
/// <param name="Place">Where it was read.</param>
/// <param name="Text">The text; of what could not be read, null.</param>
/// <param name="Fault">Why it could not be read.</param>
readonly record struct RawDocument(string Place, string? Text, string? Fault);

/// <summary>What can be said of a document without the others.</summary>
sealed class JudgedDocument
{
    /// <summary>Where it was read.</summary>
    public required string Place { get; init; }

    /// <summary>UTF-8 bytes as it was read; 0: it could not be.</summary>
    public long BytesRead { get; init; }

    /// <summary>As it would be kept; where it is dropped: as far as it came.</summary>
    public string Text { get; set; } = "";

    /// <summary>UTF-8 bytes of <see cref="Text"/>.</summary>
    public long Bytes { get; set; }

    /// <summary>Null: it did not come so far.</summary>
    public LanguageGuess? Language { get; set; }

    /// <summary>Why it is dropped; null: the steps that look at it alone keep it.</summary>
    public DroppedDocument? Drop { get; set; }

    /// <summary>Lines that C4's rules took away, by rule.</summary>
    public IReadOnlyDictionary<string, int> Lines { get; set; } = new Dictionary<string, int>();

    /// <summary>Of its words; the same for documents that say the same.</summary>
    public UInt128 Hash { get; set; }

    /// <summary>Of its words, too, and independent of <see cref="Hash"/>: 0 … 1, by which it is held out.</summary>
    public double Lot { get; set; }

    /// <summary>[K]; null: it has no letter, or near duplicates are not looked for.</summary>
    public uint[]? Signature { get; set; }

    /// <summary>What it shares with evaluation texts.</summary>
    public IReadOnlyList<EvaluationHit> Hits { get; set; } = [];

    /// <summary>The n-gram of the first hit, in words.</summary>
    public string? Gram { get; set; }
}

/// <summary>Documents of one file, one after another.</summary>
/// <param name="Input">The number of the file.</param>
/// <param name="First">The number of the first document in it, from 0; what could not be read counts, too.</param>
/// <param name="Documents">The documents.</param>
/// <param name="Position">Bytes of the file that were read when they were.</param>
sealed record DocumentBatch<T>(int Input, long First, IReadOnlyList<T> Documents, long Position);
