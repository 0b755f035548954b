namespace Dayu.Hub;

/// <summary>What a model is for.</summary>
public enum ModelUse
{
    /// <summary>Conversations: it was trained on them, and has a template for them.</summary>
    Chat,

    /// <summary>Text that it continues.</summary>
    Completion,

    /// <summary>Sentences as vectors.</summary>
    Embedding,

    /// <summary>Words that are masked, from what stands on both sides of them.</summary>
    FillMask,
}

/// <summary>A small model with a short name, for those who want a first one and need not know where it lies.</summary>
/// <param name="Name">The short name; it is stored under it, too.</param>
/// <param name="Source">What it is pulled from: <c>owner/name</c> or <c>owner/name:tag</c>.</param>
/// <param name="Bytes">Bytes that are downloaded, to the megabyte.</param>
/// <param name="CacheBytes">Bytes of the keys and values of 4,096 tokens, or of as many as it can read, as halves.</param>
/// <param name="License">SPDX identifier of its licence.</param>
/// <param name="Languages">ISO 639 codes of its main languages; <c>mul</c> at the end: and many others.</param>
/// <param name="Use">What it is for.</param>
public sealed record KnownModel(
    string Name, string Source, long Bytes, long CacheBytes, string License, IReadOnlyList<string> Languages, ModelUse Use)
{
    const long ProgramBytes = 100_000_000;                           // 65 to 75 MB in docs/performance.md, and some room

    /// <summary>Bytes of memory that it needs, about: weights, keys and values, and the program itself.</summary>
    public long Memory => Bytes + CacheBytes + ProgramBytes;

    /// <summary>The repository, <c>owner/name</c>.</summary>
    public string Repository => Source.Split(':')[0];
}
