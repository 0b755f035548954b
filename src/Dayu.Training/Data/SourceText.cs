using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A document that is not learnt from.</summary>
/// <param name="Place">Where it is: <c>news.jsonl:12</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedDocument(string Place, string Reason);

/// <summary>A document as it was read: a text, or the line of a conversation or of a preference.</summary>
/// <param name="Place">Where.</param>
/// <param name="Text">The text; of a conversation, what is said in it.</param>
/// <param name="Line">The conversation; null: it is a text.</param>
public sealed record ReadDocument(string Place, string Text, JsonObject? Line = null);

/// <summary>A source as it was read: what cannot be read of it fails alone.</summary>
/// <param name="Recipe">Which.</param>
/// <param name="Documents">Its documents.</param>
/// <param name="Skipped">What is none.</param>
public sealed record SourceText(SourceRecipe Recipe, IReadOnlyList<ReadDocument> Documents, IReadOnlyList<SkippedDocument> Skipped)
{
    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads one.</summary>
    /// <param name="source">Which.</param>
    /// <param name="kind">What it holds, where it does not say so itself.</param>
    /// <param name="content">What the file holds.</param>
    public static SourceText Of(SourceRecipe source, SourceKind kind, string content)
    {
        var (documents, skipped, name) = (new List<ReadDocument>(), new List<SkippedDocument>(), Path.GetFileName(source.Path));
        if (!SourceRecipe.IsLines(source.Path)) return new(source, [new(name, content)], []);
        var number = 0;
        foreach (var line in content.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace()) continue;
            var place = $"{name}:{number}";
            try
            {
                documents.Add((source.Kind ?? kind) switch
                {
                    SourceKind.Chat => Chat(place, line.ToString()),
                    SourceKind.Preference => PairEncoder.Read(place, Object(line.ToString())),
                    _ => Text(place, line.ToString()),
                });
            }
            catch (DocumentException e) { skipped.Add(new(place, e.Message)); }
        }
        return new(source with { Kind = source.Kind ?? kind }, documents, skipped);
    }

    static ReadDocument Text(string place, string line)
    {
        var text = Object(line)["text"] is JsonValue v && v.TryGetValue<string>(out var t) ? t
            : throw new DocumentException("it has no text; expected {\"text\": \"…\"}");
        return new(place, text.Length > 0 ? text : throw new DocumentException("it is empty"));
    }

    static ReadDocument Chat(string place, string line)
    {
        var json = Object(line);
        if (json["messages"] is not JsonArray { Count: > 0 } messages || messages.Any(m => Said(m, "role") is null))
            throw new DocumentException("it has no messages; expected {\"messages\": [{\"role\": \"user\", \"content\": \"…\"}, …]}");
        if (!messages.Any(m => Said(m, "role") == ChatEncoder.Assistant)) throw new DocumentException("the assistant says nothing in it");
        return new(place, string.Concat(messages.Select(m => Said(m, "content"))), json);
    }

    /// <summary>A member that is a text; null: it is none.</summary>
    internal static string? Said(JsonNode? message, string name) =>
        message is JsonObject json && json[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    static JsonObject Object(string line)
    {
        try { return JsonNode.Parse(line, documentOptions: strict) as JsonObject ?? throw new DocumentException("it is no JSON object"); }
        catch (JsonException e) { throw new DocumentException($"it is no JSON ({e.Message.Split(" LineNumber:")[0].TrimEnd('.')})"); }
    }
}

/// <summary>A document cannot be learnt from; the others can.</summary>
sealed class DocumentException(string message) : Exception(message);
