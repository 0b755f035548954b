using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary><c>GET /</c>: one line for programs; people's pages are at the same place, for those who accept text/html.</summary>
static class RootRoute
{
    /// <summary>Answers programs; where there are pages, they answer browsers.</summary>
    public static void UseRoot(this IApplicationBuilder app, bool hasPages) => app.Use((http, next) =>
        http.Request.Path == "/" && IsRead(http.Request.Method) && !(hasPages && AcceptsHtml(http)) ? Line(http) : next(http));

    static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    static bool AcceptsHtml(HttpContext http) =>
        http.Request.Headers.Accept.Any(a => a?.Contains("text/html", StringComparison.Ordinal) == true);

    static Task Line(HttpContext http)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync("Dayu is running. /v1/models lists models, /openapi.json what can be asked.\n");
    }
}
