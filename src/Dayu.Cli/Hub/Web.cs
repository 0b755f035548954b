using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Dayu.Cli;

/// <summary>Something that may be otherwise in a moment: a cut connection, a busy server.</summary>
/// <param name="why">What happened.</param>
/// <param name="after">How long the server wants to be left alone; null: it does not say.</param>
sealed class TransientException(string why, TimeSpan? after = null) : Exception(why)
{
    public TimeSpan? After => after;
}

/// <summary>An answer, and what the servers on the way to it said of the file.</summary>
/// <param name="Response">The last answer; its body is not read yet.</param>
/// <param name="Etag">What the hub calls the file's content by; null: it does not say.</param>
sealed record Reply(HttpResponseMessage Response, string? Etag) : IDisposable
{
    public void Dispose() => Response.Dispose();
}

/// <summary>HTTP as it is needed here: one request, its redirects followed by hand, so that a token goes only to the server it is for.</summary>
/// <param name="token">For the hub; null: none.</param>
/// <param name="home">The hub that the token is for; null: there is none.</param>
sealed class Web(string? token, Uri? home) : IDisposable
{
    const int MostRedirects = 10;

    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30), PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Asks for an address.</summary>
    /// <param name="address">Where.</param>
    /// <param name="from">The first byte that is wanted; 0: all.</param>
    /// <param name="ifRange">The state of the file that the part is wanted of, else all; null: any.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="TransientException">It did not work, and may work later.</exception>
    /// <exception cref="CliError">The way leads where it must not.</exception>
    public async Task<Reply> Get(Uri address, long from, string? ifRange, CancellationToken cancel)
    {
        var (at, etag) = (address, (string?)null);
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            request.Headers.UserAgent.Add(new("dayu", "1"));
            request.Headers.AcceptEncoding.Add(new("identity"));     // sizes and ranges are those of the file
            if (from > 0) request.Headers.Range = new(from, null);
            if (from > 0 && ifRange is not null) request.Headers.TryAddWithoutValidation("If-Range", ifRange);
            if (token is not null && IsHome(at)) request.Headers.Authorization = new("Bearer", token);
            var response = await Send(request, cancel);
            etag ??= First(response, "X-Linked-Etag") ?? (response.Headers.Contains("X-Repo-Commit") ? First(response, "ETag") : null);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return new(Answered(response), etag?.Replace("W/", "").Trim('"'));
            using (response)
            {
                if (response.Headers.Location is not { } location || !Uri.TryCreate(at, location, out var to)) throw new CliError(7023, at.Host, $"{(int)response.StatusCode}, Location?");
                if (hops == MostRedirects || to.Scheme is not ("http" or "https") || (at.Scheme == "https" && to.Scheme == "http")) throw new CliError(7023, at.Host, $"{(int)response.StatusCode} → {to.GetLeftPart(UriPartial.Path)}");
                at = to;
            }
        }
    }

    /// <summary>The same host, and nobody on the way can read along.</summary>
    bool IsHome(Uri at) => home is not null && at.Scheme == home.Scheme && at.Authority == home.Authority && (at.Scheme == "https" || at.IsLoopback);

    async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try { return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token); }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested)) { throw new TransientException(Why(e)); }
    }

    /// <summary>A piece of a body.</summary>
    /// <exception cref="TransientException">The connection was cut, or nothing came for a minute.</exception>
    public static async Task<int> Read(Stream body, Memory<byte> into, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try { return await body.ReadAsync(into, limit.Token); }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested)) { throw new TransientException(Why(e)); }
    }

    static string Why(Exception e) => e is OperationCanceledException ? $"{patience.TotalSeconds:F0} s" : e.InnerException is SocketException or IOException ? e.InnerException.Message : e.Message;

    static HttpResponseMessage Answered(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (408 or 425 or 429 or >= 500)) return response;
        using (response) throw new TransientException($"{(int)response.StatusCode} {response.ReasonPhrase}", After(response.Headers.RetryAfter, response.Headers.Date));
    }

    static TimeSpan? After(RetryConditionHeaderValue? said, DateTimeOffset? now) => said?.Delta ?? (said?.Date is { } date && now is { } today && date > today ? date - today : null);

    /// <summary>A header's first value.</summary>
    public static string? First(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>What to say of an answer that is none of those expected.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="source">What was asked for.</param>
    /// <param name="revision">Of what was asked for.</param>
    public CliError Refusal(HttpResponseMessage response, string source, string revision) => (response.StatusCode, First(response, "X-Error-Code")) switch
    {
        (_, "GatedRepo") => new(1012, source),
        (_, "RevisionNotFound") => new(3013, source, revision),
        (_, "EntryNotFound") => new(3014, source),
        (HttpStatusCode.NotFound, _) when home is null => new(3014, source),
        (HttpStatusCode.NotFound, _) or (_, "RepoNotFound") => new(3010, source),
        (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) when home is not null => new(token is null ? 3010 : 1013, source),
        var (status, _) => new(1014, response.RequestMessage?.RequestUri?.Host ?? "?", $"{(int)status} {response.ReasonPhrase}"),
    };

    public void Dispose() => http.Dispose();
}
