using System.Text.Json.Nodes;
using Dayu.Server;

namespace Dayu.Tests;

/// <summary>The document says what is there: every route, and every field that a route reads.</summary>
public sealed class OpenApiServerTests
{
    static readonly (string Path, string Body)[] full =
    [
        ("/v1/chat/completions", """{ "messages": [{ "role": "user", "content": "ask" }] }"""),
        ("/v1/completions", """{ "prompt": "ask" }"""), ("/v1/embeddings", """{ "input": "ask" }"""),
        ("/tokenize", """{ "content": "ask" }"""), ("/tokenize", """{ "messages": [{ "role": "user", "content": "ask" }] }"""),
        ("/detokenize", """{ "tokens": [97] }"""), ("/apply-template", """{ "messages": [{ "role": "user", "content": "ask" }] }"""),
    ];

    [Fact]
    public async Task DocumentHasTheRoutesAndTheirFields()
    {
        var asked = new HashSet<string>();
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model, s => s with { Asked = name => asked.Add(name) });
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi.json"))!;
        Assert.Equal(server.Server.Routes.Order(), document["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}")).Order());
        foreach (var group in full.GroupBy(f => f.Path))
        {
            asked.Clear();
            foreach (var (path, body) in group) await server.Ok(path, body);
            var schema = document["paths"]![group.Key]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!;
            var known = document["components"]!["schemas"]![((string)schema!).Split('/')[^1]]!["properties"]!.AsObject().Select(p => p.Key);
            Assert.Equal(known.Order(), asked.Where(n => !n.Contains('.') && !n.Contains('[')).Order());
        }
    }

    [Fact]
    public async Task EveryReferenceIsThere()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        var document = JsonNode.Parse(await server.Client.GetStringAsync("/openapi.json"))!;
        foreach (var reference in References(document))
            Assert.NotNull(reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (at, name) => at?[name]));
    }

    static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == "$ref" ? [(string)p.Value!] : References(p.Value)),
        JsonArray a => a.SelectMany(References),
        _ => [],
    };
}
