using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Server;

/// <summary>
/// What is in memory, for whoever may ask anything; and what only the owner may ask, who holds the key of control: to give a model up,
/// to end.
/// </summary>
/// <param name="serving">What it works with.</param>
sealed class ControlRoutes(Serving serving)
{
    /// <summary>The routes.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/dayu/models", Models);
        app.MapPost("/dayu/unload", Unload);
        app.MapPost("/dayu/stop", Stop);
    }

    Task Models(HttpContext http) => http.Response.Write(new JsonObject
    {
        ["models"] = new JsonArray([.. serving.Models.Loaded.Select(State)]),
    });

    static JsonObject State(ModelState state)
    {
        var load = state.Model?.Load;
        return new()
        {
            ["name"] = state.Name, ["loaded"] = state.Model is not null, ["users"] = state.Users,
            ["until"] = state.Until?.ToString("O"), ["context"] = state.Model?.Context, ["running"] = load?.Running,
            ["waiting"] = load?.Waiting, ["free_tokens"] = load?.FreeTokens, ["tokens"] = load?.Tokens,
        };
    }

    async Task Unload(HttpContext http)
    {
        Check(http);
        var name = (await serving.Fields(http).ConfigureAwait(false)).Needed("model");
        if (!await serving.Models.Unload(serving.Models.Find(name)?.Name ?? name).ConfigureAwait(false))
            throw new ApiError(404, "invalid_request_error", $"{name} is not in memory") { Param = "model", Code = "not_loaded" };
        await http.Response.Write(new JsonObject { ["unloaded"] = name }).ConfigureAwait(false);
    }

    async Task Stop(HttpContext http)
    {
        Check(http);
        await http.Response.Write(new JsonObject { ["stopping"] = true }).ConfigureAwait(false);
        await http.Response.CompleteAsync().ConfigureAwait(false);
        serving.Settings.Control!.End();
    }

    /// <summary>A key that lets in is not enough: others must not end what they only use.</summary>
    void Check(HttpContext http)
    {
        if (serving.Settings.Control?.IsHeldBy(http) != true)
            throw new ApiError(403, "permission_error", $"only who holds the key of control may do that (header {ControlKey.Header}); "
                + "'dayu stop' on the server's machine knows it") { Code = "control_key" };
    }
}
