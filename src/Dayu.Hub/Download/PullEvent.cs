namespace Dayu.Hub;

/// <summary>Something that happens while a model is fetched.</summary>
public abstract record PullEvent;

/// <summary>The files of the model are known, and nothing of them is fetched yet.</summary>
/// <param name="Bytes">Their lengths together, without those that the server does not say.</param>
public sealed record FilesChosen(long Bytes) : PullEvent;

/// <summary>A file is next.</summary>
/// <param name="Path">The file.</param>
/// <param name="Index">Which it is, from 1.</param>
/// <param name="Count">How many files the model has.</param>
public sealed record FileStarted(string Path, int Index, int Count) : PullEvent;

/// <summary>More of a file has come.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">What is here, with what an earlier try fetched.</param>
/// <param name="Total">Its length; null: the server does not say.</param>
public sealed record FileProgress(string Path, long Bytes, long? Total) : PullEvent;

/// <summary>A file begins anew, since it has changed, or its server cannot continue in the middle.</summary>
/// <param name="Path">The file.</param>
public sealed record FileRestarted(string Path) : PullEvent;

/// <summary>A file is here, and what the server announced.</summary>
/// <param name="File">The file.</param>
public sealed record FileFinished(StoredFile File) : PullEvent;

/// <summary>Something failed, and is tried again.</summary>
/// <param name="Host">The server.</param>
/// <param name="Cause">What failed.</param>
/// <param name="Wait">Until the next try.</param>
/// <param name="Try">Which the next try is; the first was 1.</param>
/// <param name="Tries">How many there will be if all fail.</param>
public sealed record RetryScheduled(string Host, TransientException Cause, TimeSpan Wait, int Try, int Tries) : PullEvent;

/// <summary>A hub does not have the model, and the next is asked.</summary>
/// <param name="From">The hub that was asked.</param>
/// <param name="To">The hub that is asked now.</param>
/// <param name="Cause">Why.</param>
public sealed record HubChanged(Uri From, Uri To, HubException Cause) : PullEvent;
