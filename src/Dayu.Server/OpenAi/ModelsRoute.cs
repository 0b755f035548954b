using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>OpenAI's <c>GET /v1/models</c>: every model that can be asked for, in memory or not.</summary>
/// <param name="serving">What it works with.</param>
sealed class ModelsRoute(Serving serving)
{
    /// <summary>All of them.</summary>
    public Task List(HttpContext http) => http.Response.Write(new JsonObject
    {
        ["object"] = "list", ["data"] = new JsonArray([.. serving.Models.Offers.Select(Model)]),
    });

    /// <summary>One of them.</summary>
    public Task One(HttpContext http)
    {
        var name = http.Request.RouteValues["id"] as string;
        return http.Response.Write(Model(serving.Models.Find(name) ?? throw serving.NotThere(name)));
    }

    static JsonObject Model(ModelOffer offer) => new()
    {
        ["id"] = offer.Name, ["object"] = "model", ["created"] = offer.Created.ToUnixTimeSeconds(), ["owned_by"] = "dayu",
    };
}
