using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Web;

/// <summary>The page on which one talks to a model: files that this assembly carries, for any ASP.NET Core program.</summary>
public static class PageRoutes
{
    /// <summary>
    /// What the page may do: run its own scripts, look as its own style sheets say, ask its own server. Nothing written
    /// into it by a model can run, load or send anything.
    /// </summary>
    public const string ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Adds the page at <c>/</c> and its files below <c>/_dayu/page/</c>. It asks <c>v1/models</c> and
    /// <c>v1/chat/completions</c> beside it, so these must be there. Who asks <c>/</c> without wanting HTML is to be
    /// answered before routing: a route cannot tell.
    /// </summary>
    /// <param name="routes">Where it is added.</param>
    /// <returns>The same.</returns>
    public static IEndpointRouteBuilder MapDayuPage(this IEndpointRouteBuilder routes)
    {
        var files = new PageFiles();
        routes.MapMethods("/", ["GET", "HEAD"], http => Page(http, files));
        routes.MapGet("/_dayu/page/{version}/{**path}", http => File(http, files));
        return routes;
    }

    static Task Page(HttpContext http, PageFiles files)
    {
        var headers = Guarded(http);
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept";
        headers.ETag = $"\"{files.Version}\"";
        if (http.Request.Headers.IfNoneMatch.Contains($"\"{files.Version}\""))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return Send(http, files.Html, "text/html; charset=utf-8");
    }

    static Task File(HttpContext http, PageFiles files)
    {
        var asked = http.Request.RouteValues;
        var path = asked["path"] as string ?? "";
        if (asked["version"] as string != files.Version || files.Find(path) is not { } bytes)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        Guarded(http).CacheControl = "public, max-age=31536000, immutable";
        return Send(http, bytes, PageFiles.TypeOf(path));
    }

    static IHeaderDictionary Guarded(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return http.Response.Headers;
    }

    static Task Send(HttpContext http, byte[] bytes, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
