using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>
/// Events as they come (<c>text/event-stream</c>; WHATWG HTML, section 9.2). The answer's headers go out with the first, so that what
/// fails before it is an error with its own status. Nothing is read ahead for a client that does not take its events.
/// </summary>
sealed class EventStream
{
    readonly HttpContext http;

    EventStream(HttpContext http) => this.http = http;

    /// <summary>The events of a request.</summary>
    public static EventStream Of(HttpContext http)
    {
        var events = new EventStream(http);
        http.Items[typeof(EventStream)] = events;
        return events;
    }

    /// <summary>Those that a request has begun; null: none.</summary>
    public static EventStream? Begun(HttpContext http) =>
        http.Response.HasStarted ? http.Items[typeof(EventStream)] as EventStream : null;

    /// <summary>Sends an event.</summary>
    public Task Send(JsonNode data) => Send(Json.Text(data));

    /// <summary>Sends a word.</summary>
    public async Task Send(string data)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            http.Response.Headers.CacheControl = "no-cache";
            http.Response.Headers["X-Accel-Buffering"] = "no";       // nginx would hold events back
        }
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {data}\n\n"), http.RequestAborted).ConfigureAwait(false);
        await http.Response.Body.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }
}
