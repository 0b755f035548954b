using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Server;

/// <summary>Whether it is alive, and whether it can answer.</summary>
static class HealthRoutes
{
    /// <summary>The routes, for which no key is asked.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app, Serving serving)
    {
        app.MapGet("/health", http => http.Response.Write(new JsonObject { ["status"] = "ok" })).WithMetadata(new OpenToAll());
        app.MapGet("/ready", Ready).WithMetadata(new OpenToAll());

        Task Ready(HttpContext http)
        {
            var (loaded, any) = (serving.Models.Loaded, serving.Models.Offers.Count > 0);
            var isLoading = loaded.Count > 0 && loaded.All(m => m.Model is null);
            var status = !any ? "no model" : isLoading ? "loading" : "ok";
            if (status != "ok") http.Response.Headers.RetryAfter = "2";
            return http.Response.Write(new JsonObject { ["status"] = status }, status == "ok" ? 200 : 503);
        }
    }
}
