using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dayu.Server;

/// <summary>Text to tokens and back, and what a conversation is to the model; nothing is computed with it.</summary>
/// <param name="serving">What it works with.</param>
sealed class TextRoutes(Serving serving)
{
    /// <summary>The routes.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/tokenize", Tokenize);
        app.MapPost("/detokenize", Detokenize);
        app.MapPost("/apply-template", ApplyTemplate);
    }

    /// <summary>The tokens of a text (<c>prompt</c>, <c>content</c>) or of a conversation (<c>messages</c>).</summary>
    async Task Tokenize(HttpContext http)
    {
        var fields = await serving.Fields(http).ConfigureAwait(false);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        var (model, tokenizer) = (lease.Model, lease.Model.Text.Tokenizer);
        var special = fields.Flag("add_special_tokens") ?? fields.Flag("add_special") ?? true;
        var ids = fields.Has("messages") ? ChatPrompts.Of(fields, model, serving.Settings.Clock).Prompt()
            : tokenizer.Encode(fields.Text("prompt") ?? fields.Needed("content"), special, fields.Flag("parse_special") ?? true);
        var answer = new JsonObject { ["count"] = ids.Count, ["max_model_len"] = model.Context, ["tokens"] = Json.List(ids) };
        if (fields.Flag("with_pieces") ?? false)
            answer["pieces"] = new JsonArray([.. ids.Select(id => (JsonNode)TokenWords.Text(tokenizer, id))]);
        await http.Response.Write(answer).ConfigureAwait(false);
    }

    async Task Detokenize(HttpContext http)
    {
        var fields = await serving.Fields(http).ConfigureAwait(false);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        var tokens = fields.Any("tokens") ?? throw fields.Missing("tokens", "an array of tokens");
        if (tokens.ValueKind != System.Text.Json.JsonValueKind.Array) throw RequestFields.Wrong("tokens", tokens, "an array of tokens");
        var text = PromptFields.Decode(lease.Model, PromptFields.Ids(tokens, "tokens"));
        await http.Response.Write(new JsonObject { ["prompt"] = text, ["content"] = text }).ConfigureAwait(false);
    }

    async Task ApplyTemplate(HttpContext http)
    {
        var fields = await serving.Fields(http).ConfigureAwait(false);
        using var time = serving.Time(http);
        using var lease = await serving.Model(fields, time.Token).ConfigureAwait(false);
        await http.Response.Write(new JsonObject { ["prompt"] = ChatPrompts.Of(fields, lease.Model, serving.Settings.Clock).Text() })
            .ConfigureAwait(false);
    }
}
