using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>
/// Around all routes: whatever fails becomes an error as clients read it, also in the middle of a stream; and a line for the log.
/// </summary>
static class ErrorFrame
{
    const int ClientLeft = 499;

    /// <summary>Puts it around what follows.</summary>
    public static void UseErrorFrame(this IApplicationBuilder app, ServerSettings settings) => app.Use(async (http, next) =>
    {
        var (start, fault, left) = (settings.Clock.GetTimestamp(), (Exception?)null, false);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(http).ConfigureAwait(false);
            if (NotRouted(http) is { } nothing) throw nothing;
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            left = true;                                             // nobody is there to be told
        }
        catch (Exception e)
        {
            var error = ErrorMap.Of(e);
            if (error.Status == 500) fault = e;
            await Tell(http, error).ConfigureAwait(false);
        }
        settings.Log?.Invoke(new(http.Request.Method, http.Request.Path, left ? ClientLeft : http.Response.StatusCode,
            settings.Clock.GetElapsedTime(start), fault, RequestBody.TextOf(http)));
    });

    /// <summary>No route took it.</summary>
    static ApiError? NotRouted(HttpContext http)
    {
        if (http.Response is not { HasStarted: false, ContentType: null }) return null;
        var (method, path) = (http.Request.Method, http.Request.Path);
        return http.Response.StatusCode switch
        {
            404 => new(404, "invalid_request_error", $"there is nothing at {method} {path}; /openapi.json lists what is")
            {
                Code = "not_found",
            },
            405 => new(405, "invalid_request_error", $"{path} is there, but not for {method}") { Code = "method_not_allowed" },
            _ => null,
        };
    }

    static async Task Tell(HttpContext http, ApiError error)
    {
        try
        {
            if (EventStream.Begun(http) is { } events) await events.Send(Body(error)).ConfigureAwait(false);
            else if (http.Response.HasStarted) http.Abort();         // half an answer cannot be taken back
            else
            {
                http.Response.Headers.RetryAfter = error.RetryAfter is { } wait ? $"{Math.Ceiling(wait.TotalSeconds):F0}" : default(string);
                if (error is { Status: 503, RetryAfter: null }) http.Response.Headers["x-should-retry"] = "false";
                await http.Response.Write(Body(error), error.Status).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException) { }    // the client left meanwhile
    }

    /// <summary>As OpenAI's clients read it.</summary>
    public static JsonObject Body(ApiError error) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = error.Message, ["type"] = error.Type, ["param"] = error.Param, ["code"] = error.Code,
        },
    };
}
