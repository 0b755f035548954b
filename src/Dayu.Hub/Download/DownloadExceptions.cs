namespace Dayu.Hub;

/// <summary>A text that is no short name, no repository of a hub and no address of a model's file.</summary>
/// <param name="text">The text.</param>
public sealed class PullSourceException(string text)
    : HubException($"'{text}' is neither a model of the hub nor an address; expected owner/name[:tag], https://….gguf or {Names}")
{
    /// <summary>What was given as an address or a name.</summary>
    public string Text => text;

    /// <summary>Whether it is one word, as short names are.</summary>
    public bool IsWord => text.Length > 0 && text.All(c => char.IsLetterOrDigit(c) || "._-:".Contains(c));

    static string Names => string.Join(", ", KnownModels.All.Select(m => m.Name));
}

/// <summary>Why a server does not give what it was asked for.</summary>
public enum HubRefusal
{
    /// <summary>It has no such repository, or does not show it to everybody.</summary>
    NoRepository,

    /// <summary>The repository has no such branch, tag or commit.</summary>
    NoRevision,

    /// <summary>There is no such file.</summary>
    NoFile,

    /// <summary>The file is for those who have accepted its terms.</summary>
    TermsNotAccepted,

    /// <summary>The token is not valid, or its owner may not read the repository.</summary>
    TokenRejected,

    /// <summary>Anything else: see the status.</summary>
    Other,
}

/// <summary>A server does not give what it was asked for.</summary>
/// <param name="refusal">Why.</param>
/// <param name="source">The repository or address.</param>
/// <param name="revision">The branch, tag or commit; empty for an address.</param>
/// <param name="host">The server.</param>
/// <param name="status">Its answer: code and phrase.</param>
public sealed class HubRefusalException(HubRefusal refusal, string source, string revision, string host, string status)
    : HubException(Text(refusal, source, revision, host, status))
{
    /// <summary>Why.</summary>
    public HubRefusal Refusal => refusal;

    /// <summary>The repository or address.</summary>
    public string From => source;

    /// <summary>The branch, tag or commit; empty for an address.</summary>
    public string Revision => revision;

    /// <summary>The host of the address that was asked.</summary>
    public string Host => host;

    /// <summary>Its answer: code and phrase.</summary>
    public string Status => status;

    static string Text(HubRefusal refusal, string source, string revision, string host, string status) => refusal switch
    {
        HubRefusal.NoRepository => $"{host} has no model {source}, or does not show it to everybody; check its name and the token",
        HubRefusal.NoRevision => $"{source} has no revision '{revision}'; give none for the newest",
        HubRefusal.NoFile => $"there is nothing at {source}; check the address",
        HubRefusal.TermsNotAccepted => $"{source} is for those who have accepted its terms; accept them on its page, and use a token",
        HubRefusal.TokenRejected => $"{host} does not give {source} to the owner of this token; check what it may read",
        _ => $"{host} answers {status} when asked for {source}; check the address",
    };
}

/// <summary>A server that does not answer as a hub does.</summary>
/// <param name="host">The server.</param>
/// <param name="found">What is wrong with its answer.</param>
/// <param name="inner">What reading it says.</param>
public sealed class HubAnswerException(string host, string found, Exception? inner = null)
    : HubException($"{host} does not answer as a hub does: {found}; check the hub's address", inner)
{
    /// <summary>The host of the address that was asked.</summary>
    public string Host => host;

    /// <summary>What is wrong with its answer.</summary>
    public string Found => found;
}

/// <summary>
/// A server names a file that would lie outside of the model's folder, or could not lie anywhere on some system.
/// </summary>
/// <param name="path">The file.</param>
public sealed class UnsafePathException(string path)
    : HubException($"the server names a file '{path}', which could lie anywhere; nothing was written, do not trust this source")
{
    /// <summary>The file as the server names it.</summary>
    public string Path => path;
}

/// <summary>A file that came is not what the server announced.</summary>
/// <param name="file">The file.</param>
/// <param name="found">Its length in bytes, or its hash.</param>
/// <param name="expected">What was announced.</param>
/// <param name="isLength">Whether the length is wrong; else the hash.</param>
public sealed class DamagedFileException(string file, string found, string expected, bool isLength)
    : HubException($"{file}: the {(isLength ? "length" : "hash")} is {found}, announced was {expected}; try again, or another server")
{
    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>Its length in bytes, or its hash.</summary>
    public string Found => found;

    /// <summary>What was announced.</summary>
    public string Expected => expected;

    /// <summary>Whether the length is wrong; else the hash.</summary>
    public bool IsLength => isLength;
}

/// <summary>Something that may be otherwise in a moment: a cut connection, a busy server. It is tried again.</summary>
/// <param name="message">What happened.</param>
/// <param name="retryAfter">How long the server wants to be left alone; null: it does not say.</param>
/// <param name="discarded">A file of which the part that was here did not fit, and was thrown away; null: none.</param>
public sealed class TransientException(string message, TimeSpan? retryAfter = null, string? discarded = null) : HubException(message)
{
    /// <summary>How long the server wants to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>A file of which the part that was here did not fit, and was thrown away; null: none.</summary>
    public string? Discarded => discarded;

    /// <summary>Whether no connection came about, so that nothing was asked.</summary>
    public bool IsConnectFailure { get; init; }
}

/// <summary>
/// A server cannot be reached, after several tries, or wants to be left alone for long.
/// What has come is kept: the same pull continues.
/// </summary>
/// <param name="host">The server.</param>
/// <param name="cause">What happened in the last try.</param>
/// <param name="retryAfter">How long it wants to be left alone; null: it was tried often enough.</param>
public sealed class HubUnreachableException(string host, TransientException cause, TimeSpan? retryAfter = null)
    : HubException($"{Text(host, cause, retryAfter)}; what has come is kept", cause)
{
    /// <summary>The host of the address that was asked.</summary>
    public string Host => host;

    /// <summary>What happened in the last try.</summary>
    public TransientException Cause => cause;

    /// <summary>How long the server wants to be left alone; null where it was tried often enough.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether it has answered at all, if only with an error; else a mirror may be nearer.</summary>
    public bool HasAnswered { get; init; }

    static string Text(string host, TransientException cause, TimeSpan? retryAfter) => retryAfter is { } wait
        ? $"{host} is busy ({cause.Message}) and wants to be left alone for {wait}"
        : $"{host} cannot be reached: {cause.Message}";
}
