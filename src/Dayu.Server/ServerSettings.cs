using System.Net;

namespace Dayu.Server;

/// <summary>Where a server listens, whom it lets in, and how much it takes on.</summary>
public sealed record ServerSettings
{
    /// <summary>The port where nobody says which.</summary>
    public const int DefaultPort = 5199;

    /// <summary>
    /// Where it listens. Another address than this machine's own needs <see cref="Keys"/> or <see cref="AllowsAnonymous"/>.
    /// </summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any that is free.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Whoever has one of them is let in; none: everybody is.</summary>
    public IReadOnlyList<ApiKey> Keys { get; init; } = [];

    /// <summary>Whether others than this machine may come in without a key.</summary>
    public bool AllowsAnonymous { get; init; }

    /// <summary>Pages that may ask, by their origin as a browser says it; <c>*</c>: any.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Names under which it is known, beside addresses and <c>localhost</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Bytes of a request at most.</summary>
    public long MostBytes { get; init; } = 8L << 20;

    /// <summary>How long a request may take to come.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests that are worked on at a time.</summary>
    public int MostRequests { get; init; } = 128;

    /// <summary>Choices of one request at most.</summary>
    public int MostChoices { get; init; } = 16;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long answers may go on when it is ended.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Measures, tells the time of day.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Luck, for seeds and for names of answers; called by many at once.</summary>
    public required Func<ulong> Luck { get; init; }

    /// <summary>Told of every request when it is over; null: nobody is.</summary>
    public Action<RequestLine>? Log { get; init; }

    /// <summary>Whether what is told of a request has its text.</summary>
    public bool LogsText { get; init; }

    /// <summary>Asks whoever runs the server to end it; null: it cannot be asked from outside.</summary>
    public ControlKey? Control { get; init; }

    /// <summary>Told of every field that is looked for in a request, for tests.</summary>
    internal Action<string>? Asked { get; init; }

    /// <summary>Checks what does not go together.</summary>
    /// <exception cref="ArgumentException">Anybody could come in from elsewhere.</exception>
    public ServerSettings Checked() => IPAddress.IsLoopback(Address) || Keys.Count > 0 || AllowsAnonymous ? this
        : throw new ArgumentException($"{Address} can be reached from other machines; set a key, or allow everybody in");
}

/// <summary>What is told of a request.</summary>
/// <param name="Method">GET, POST.</param>
/// <param name="Path">Without its query.</param>
/// <param name="Status">Of the answer; 499: the client left.</param>
/// <param name="Time">From its first byte to the last of the answer.</param>
/// <param name="Fault">What went wrong that should not; null: nothing.</param>
/// <param name="Text">What was sent; null: it is not told.</param>
public sealed record RequestLine(string Method, string Path, int Status, TimeSpan Time, Exception? Fault, string? Text);
