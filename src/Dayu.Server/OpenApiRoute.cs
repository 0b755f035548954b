using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Server;

/// <summary>
/// What can be asked, as OpenAPI 3.1 says it. Fields are read by hand, so the document is written by hand; a test compares.
/// </summary>
static class OpenApiRoute
{
    /// <summary>The document.</summary>
    public static Stream Document => typeof(OpenApiRoute).Assembly.GetManifestResourceStream("openapi.json")!;

    /// <summary>The route, for which no key is asked.</summary>
    public static void MapOpenApi(this IEndpointRouteBuilder app) => app.MapGet("/openapi.json", async http =>
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var document = Document;
        await document.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
    }).WithMetadata(new OpenToAll());
}
