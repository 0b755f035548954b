using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>An endpoint for which no key is asked: a page, which asks for the key itself; whether the server is alive.</summary>
public sealed class OpenToAll;

/// <summary>Who is let in, and how many at a time.</summary>
/// <param name="settings">What was said.</param>
sealed class Guard(ServerSettings settings)
{
    const string Bearer = "Bearer ";

    readonly Origins origins = new(settings);
    int inside;

    /// <summary>Looks at names and origins, before anything else is done with a request.</summary>
    public Task CheckOrigin(HttpContext http, RequestDelegate next)
    {
        var host = http.Request.Host;
        if (!origins.IsOwnHost(host.Host))
            throw new ApiError(403, "permission_error", $"the request came to the name {Short(host.Host)}, which is not one of this "
                + "server's; use its address, or let the server know the name") { Code = "host_not_allowed" };
        if (http.Request.Headers.Origin is not [{ Length: > 0 } origin, ..]) return next(http);
        var isOwn = string.Equals(origin, $"{http.Request.Scheme}://{host.Value}", StringComparison.OrdinalIgnoreCase);
        if (!isOwn && !origins.Allows(origin))
            throw new ApiError(403, "permission_error", $"pages of {Short(origin)} may not ask this server; "
                + "whoever runs it can allow that origin") { Code = "origin_not_allowed" };
        if (!isOwn) Open(http, origin);
        return HttpMethods.IsOptions(http.Request.Method) && http.Request.Headers.ContainsKey("Access-Control-Request-Method")
            ? Preflight(http) : next(http);
    }

    static void Open(HttpContext http, string origin)
    {
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlExposeHeaders = "x-request-id, retry-after";
        http.Response.Headers.Vary = "Origin";
    }

    /// <summary>A browser asks whether it may ask.</summary>
    static Task Preflight(HttpContext http)
    {
        var (asked, answer) = (http.Request.Headers, http.Response.Headers);
        answer.AccessControlAllowMethods = "GET, HEAD, POST, OPTIONS";
        answer.AccessControlAllowHeaders = asked.AccessControlRequestHeaders.Count > 0 ? asked.AccessControlRequestHeaders : "content-type";
        answer.AccessControlMaxAge = "600";
        if (asked.ContainsKey("Access-Control-Request-Private-Network")) answer["Access-Control-Allow-Private-Network"] = "true";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Looks at keys, and counts; behind the routing, since some endpoints are open to all.</summary>
    public async Task Enter(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is not null)
        {
            await next(http).ConfigureAwait(false);
            return;
        }
        CheckKey(http);
        if (Interlocked.Increment(ref inside) > settings.MostRequests)
        {
            Interlocked.Decrement(ref inside);
            throw ApiError.Busy($"{settings.MostRequests} requests are worked on; ask again", TimeSpan.FromSeconds(1));
        }
        try { await next(http).ConfigureAwait(false); }
        finally { Interlocked.Decrement(ref inside); }
    }

    void CheckKey(HttpContext http)
    {
        if (settings.Keys.Count == 0 || settings.Control?.IsHeldBy(http) == true) return;
        var said = Said(http.Request.Headers);
        ApiKey? own = null;
        foreach (var key in settings.Keys) own = said is not null && key.Is(said) ? key : own;      // all are looked at, whatever fits
        if (own is null)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            throw new ApiError(401, "authentication_error", said is null ? "no key came with the request; send Authorization: Bearer KEY"
                : "the key that came with the request is not one of this server's") { Code = "invalid_api_key" };
        }
        Serving.SetOwner(http, own.Owner);
    }

    static string? Said(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        return headers["x-api-key"] is [{ Length: > 0 } key, ..] ? key : headers["api-key"] is [{ Length: > 0 } other, ..] ? other : null;
    }

    static string Short(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
