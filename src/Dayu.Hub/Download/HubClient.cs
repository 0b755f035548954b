using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Dayu.Hub;

/// <summary>An answer, and what the servers on the way to it said of the file.</summary>
/// <param name="Response">The last answer; its body is not read yet.</param>
/// <param name="Etag">What the hub calls the file's content by; null: it does not say.</param>
sealed record HubReply(HttpResponseMessage Response, string? Etag) : IDisposable
{
    public void Dispose() => Response.Dispose();
}

/// <summary>HTTP with redirects followed by hand, so that a token goes only to the server it is for.</summary>
/// <param name="token">For the hub; null: none.</param>
/// <param name="home">The hub that the token is for; null: there is none.</param>
sealed class HubClient(string? token, Uri? home) : IDisposable
{
    const int MostRedirects = 10;

    /// <summary>How long a connection may take to come about: its host's address, a proxy and encryption included.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Asks for an address.</summary>
    /// <param name="address">Where.</param>
    /// <param name="from">The first byte that is wanted; 0: all.</param>
    /// <param name="ifRange">The state of the file that the part is wanted of, else all; null: any.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="TransientException">It failed, and may work later.</exception>
    /// <exception cref="HubAnswerException">It is redirected to where it must not go.</exception>
    public async Task<HubReply> Get(Uri address, long from, string? ifRange, CancellationToken cancel)
    {
        var (at, etag) = (address, (string?)null);
        for (var hops = 0; ; hops++)
        {
            using var request = Request(at, from, ifRange);
            var response = await Send(request, cancel);
            etag ??= ContentTag(response);
            if (!IsRedirect(response)) return new(Answered(response), etag?.Replace("W/", "").Trim('"'));
            using (response) at = Redirect(response, at, hops);
        }
    }

    HttpRequestMessage Request(Uri at, long from, string? ifRange)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, at);
        request.Headers.UserAgent.Add(new("dayu", "1"));
        request.Headers.AcceptEncoding.Add(new("identity"));         // sizes and ranges are those of the file
        if (from > 0) request.Headers.Range = new(from, null);
        if (from > 0 && ifRange is not null) request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        if (token is not null && IsHome(at)) request.Headers.Authorization = new("Bearer", token);
        return request;
    }

    /// <summary>The same host, and nobody on the way can read along.</summary>
    bool IsHome(Uri at) => home is not null && at.Scheme == home.Scheme && at.Authority == home.Authority && IsPrivate(at);

    static bool IsPrivate(Uri at) => at.Scheme == "https" || at.IsLoopback;

    /// <summary>
    /// The hash that a hub tells of a file: a large one's where it redirects, a small one's with its content.
    /// </summary>
    static string? ContentTag(HttpResponseMessage response) =>
        First(response, "X-Linked-Etag") ?? (response.Headers.Contains("X-Repo-Commit") ? First(response, "ETag") : null);

    static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    static Uri Redirect(HttpResponseMessage response, Uri at, int hops)
    {
        var status = (int)response.StatusCode;
        if (response.Headers.Location is not { } location || !Uri.TryCreate(at, location, out var to))
            throw new HubAnswerException(at.Host, $"{status}, Location?");
        var isWeaker = at.Scheme == "https" && to.Scheme == "http";
        if (hops == MostRedirects || to.Scheme is not ("http" or "https") || isWeaker)
            throw new HubAnswerException(at.Host, $"{status} → {to.GetLeftPart(UriPartial.Path)}");
        return to;
    }

    Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel) =>
        Patiently(limit => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit), cancel);

    /// <summary>Reads a piece of a body.</summary>
    /// <exception cref="TransientException">The connection was cut, or nothing came for a minute.</exception>
    public static Task<int> Read(Stream body, Memory<byte> into, CancellationToken cancel) =>
        Patiently(limit => body.ReadAsync(into, limit).AsTask(), cancel);

    /// <summary>Waits for an answer for a minute at most; what the network does to it is transient.</summary>
    static async Task<T> Patiently<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try { return await ask(limit.Token); }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested) { throw TimedOut(e); }
        catch (Exception e) when (e is HttpRequestException or IOException) { throw Failure(e); }
    }

    /// <summary>Where it is the connection that took too long, the handler says so with an exception inside.</summary>
    static TransientException TimedOut(OperationCanceledException e) => e.InnerException is TimeoutException
        ? new($"no connection in {ConnectTimeout.TotalSeconds:F0} s") { IsConnectFailure = true }
        : new($"{patience.TotalSeconds:F0} s");

    /// <summary>What the network did.</summary>
    internal static TransientException Failure(Exception e) => new(Why(e))
    {
        IsConnectFailure = (e as HttpRequestException)?.HttpRequestError is HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    static string Why(Exception e) =>
        e.InnerException is SocketException or IOException or AuthenticationException ? e.InnerException.Message : e.Message;

    static HttpResponseMessage Answered(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (408 or 425 or 429 or >= 500)) return response;
        using (response) throw new TransientException(Status(response), After(response.Headers.RetryAfter, response.Headers.Date));
    }

    static TimeSpan? After(RetryConditionHeaderValue? said, DateTimeOffset? now)
    {
        if (said?.Delta is { } delta) return delta;
        return said?.Date is { } date && now is { } today && date > today ? date - today : null;
    }

    /// <summary>What to say of an answer that is none of those expected.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="source">What was asked for.</param>
    /// <param name="revision">Of what was asked for.</param>
    public HubRefusalException Refusal(HttpResponseMessage response, string source, string revision) =>
        new(Reason(response), source, revision, response.RequestMessage?.RequestUri?.Host ?? "?", Status(response));

    /// <summary>To nobody in particular, a hub does not say which models of restricted access there are.</summary>
    HubRefusal Unauthorized => token is null ? HubRefusal.NoRepository : HubRefusal.TokenRejected;

    HubRefusal Reason(HttpResponseMessage response) => (response.StatusCode, First(response, "X-Error-Code")) switch
    {
        (_, "GatedRepo") => HubRefusal.TermsNotAccepted,
        (_, "RevisionNotFound") => HubRefusal.NoRevision,
        (_, "EntryNotFound") => HubRefusal.NoFile,
        (HttpStatusCode.NotFound, _) when home is null => HubRefusal.NoFile,
        (HttpStatusCode.NotFound, _) or (_, "RepoNotFound") => HubRefusal.NoRepository,
        (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) when home is not null => Unauthorized,
        _ => HubRefusal.Other,
    };

    static string Status(HttpResponseMessage response) => $"{(int)response.StatusCode} {response.ReasonPhrase}";

    static string? First(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    public void Dispose() => http.Dispose();
}
