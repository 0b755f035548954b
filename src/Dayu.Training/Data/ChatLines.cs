using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>Conversations, or pairs of answers, of a <c>.jsonl</c>: an object in each line.</summary>
static class ChatLines
{
    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads them; a line that is none fails alone.</summary>
    /// <param name="content">The file's bytes, uncompressed.</param>
    /// <param name="name">What the file is called in places.</param>
    /// <param name="kind">Conversations, or preferences.</param>
    /// <param name="skip">Receives what is none, and why.</param>
    public static IEnumerable<ReadDocument> Read(Stream content, string name, SourceKind kind, Action<SkippedDocument> skip)
    {
        foreach (var line in TextLines.Of(content, new CorpusOptions().MaxBytes))
        {
            if (line.Fault is null && string.IsNullOrWhiteSpace(line.Text)) continue;
            var place = $"{name}:{line.Number}";
            ReadDocument? read = null;
            try
            {
                var json = line.Fault is null ? Object(line.Text) : throw new DocumentException(line.Fault);
                read = kind == SourceKind.Preference ? PairEncoder.Read(place, json) : Chat(place, json);
            }
            catch (DocumentException e) { skip(new(place, e.Message)); }
            if (read is not null) yield return read;
        }
    }

    /// <summary>A member that is a text; null: it is none.</summary>
    public static string? Said(JsonNode? message, string name) =>
        message is JsonObject json && json[name] is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    static ReadDocument Chat(string place, JsonObject json)
    {
        if (json["messages"] is not JsonArray { Count: > 0 } messages || messages.Any(m => Said(m, "role") is null))
            throw new DocumentException("it has no messages; expected {\"messages\": [{\"role\": \"user\", \"content\": \"…\"}, …]}");
        if (!messages.Any(m => Said(m, "role") == ChatEncoder.Assistant)) throw new DocumentException("the assistant says nothing in it");
        return new(place, string.Concat(messages.Select(m => Said(m, "content"))), json);
    }

    static JsonObject Object(string line)
    {
        try { return JsonNode.Parse(line, documentOptions: strict) as JsonObject ?? throw new DocumentException("it is no JSON object"); }
        catch (JsonException e)
        {
            throw new DocumentException(Fault(line) ?? $"it is no JSON ({e.Message.Split(" LineNumber:")[0].TrimEnd('.')})");
        }
        catch (InvalidOperationException) { throw new DocumentException("it holds half a character (a lone surrogate)"); }
    }

    /// <summary>What is wrong with a line, as it is said of all JSON; null: that reader takes it.</summary>
    static string? Fault(string line)
    {
        const string Name = "it";
        try
        {
            new JsonText(Name, Encoding.UTF8.GetBytes(line), byHand: true).ParseObject();
            return null;
        }
        catch (InvalidDataException e)
        {
            const string place = $"{Name}:1:";
            return e.Message.StartsWith(place, StringComparison.Ordinal) ? "column " + e.Message[place.Length..] : e.Message;
        }
    }
}
