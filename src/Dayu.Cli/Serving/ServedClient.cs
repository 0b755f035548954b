using System.Text;
using System.Text.Json.Nodes;
using Dayu.Server;

namespace Dayu.Cli;

/// <summary>Asks a server that runs on this machine, as its owner.</summary>
/// <param name="server">Which.</param>
sealed class ServedClient(ServedFile server) : IDisposable
{
    readonly HttpClient http = Client(server);

    static HttpClient Client(ServedFile server)
    {
        var http = new HttpClient(new HttpClientHandler { UseProxy = false })
        {
            BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30),
        };
        http.DefaultRequestHeaders.Add(ControlKey.Header, server.Key);
        return http;
    }

    /// <summary>Its models; null: it runs no more, and its file is gone now.</summary>
    public IReadOnlyList<JsonObject>? Models(CancellationToken cancel)
    {
        if (Ask(() => new(HttpMethod.Get, "/dayu/models"), cancel) is not { } answer) return null;
        using (answer)
        {
            var body = JsonNode.Parse(answer.Content.ReadAsStringAsync(cancel).GetAwaiter().GetResult())!;
            return [.. body["models"]!.AsArray().Select(m => m!.AsObject())];
        }
    }

    /// <summary>Lets it give a model up.</summary>
    /// <returns>Whether it was in memory; null: the server runs no more.</returns>
    public bool? Unload(string model, CancellationToken cancel)
    {
        using var answer = Ask(() => new(HttpMethod.Post, "/dayu/unload")
        {
            Content = new StringContent(new JsonObject { ["model"] = model }.ToJsonString(), Encoding.UTF8, "application/json"),
        }, cancel);
        return answer?.IsSuccessStatusCode;
    }

    /// <summary>Lets it end.</summary>
    /// <returns>Whether it ran.</returns>
    public bool Stop(CancellationToken cancel)
    {
        using var answer = Ask(() => new(HttpMethod.Post, "/dayu/stop"), cancel);
        return answer is not null;
    }

    HttpResponseMessage? Ask(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        try
        {
            using var message = request();
            return http.SendAsync(message, cancel).GetAwaiter().GetResult();
        }
        catch (HttpRequestException)
        {
            server.Remove();
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}
