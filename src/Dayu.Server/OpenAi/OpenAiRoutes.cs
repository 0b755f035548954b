using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Server;

/// <summary>The dialect of OpenAI: a request becomes a wish, pieces of answers become its objects and events.</summary>
static class OpenAiRoutes
{
    /// <summary>Its routes.</summary>
    public static void MapOpenAi(this IEndpointRouteBuilder app, Serving serving)
    {
        app.MapPost("/v1/chat/completions", new ChatRoute(serving).Answer);
        app.MapPost("/v1/completions", new CompletionsRoute(serving).Answer);
        app.MapPost("/v1/embeddings", new EmbeddingsRoute(serving).Answer);
        app.MapGet("/v1/models", new ModelsRoute(serving).List);
        app.MapGet("/v1/models/{**id}", new ModelsRoute(serving).One);
    }
}
