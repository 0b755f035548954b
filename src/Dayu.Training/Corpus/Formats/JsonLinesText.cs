using System.Text.Json;

namespace Dayu.Training;

/// <summary>JSON lines: an object a line, one member of which is a document's text.</summary>
public sealed class JsonLinesText(CorpusOptions options) : CorpusReader
{
    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false };

    /// <inheritdoc/>
    public override IEnumerable<ReadDocument> Read(Stream content, string name, Action<SkippedDocument> skip)
    {
        foreach (var line in TextLines.Of(content, options.MaxBytes))
        {
            if (line.Fault is null && string.IsNullOrWhiteSpace(line.Text)) continue;
            var place = $"{name}:{line.Number}";
            var fault = line.Fault;
            if (fault is null && Text(line.Text, out fault) is { } text) yield return new(place, text);
            else skip(new(place, fault!));
        }
    }

    string? Text(string line, out string? fault)
    {
        try
        {
            using var json = JsonDocument.Parse(line, strict);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                    fault = $"it is no JSON object; expected {{\"{options.Field}\": \"…\"}}";
            else if (!json.RootElement.TryGetProperty(options.Field, out var member) || member.ValueKind != JsonValueKind.String)
                fault = $"it has no text '{options.Field}', but {Names(json.RootElement)}";
            else
            {
                var text = member.GetString()!;
                fault = string.IsNullOrWhiteSpace(text) ? "it is empty" : null;
                return fault is null ? text : null;
            }
        }
        catch (JsonException e) { fault = $"it is no JSON ({e.Message.Split(" LineNumber:")[0].TrimEnd('.')})"; }
        catch (InvalidOperationException) { fault = "it holds half a character (a lone surrogate)"; }
        return null;
    }

    static string Names(JsonElement json) =>
        json.EnumerateObject().Take(8).Select(m => m.Name).ToArray() is { Length: > 0 } names ? string.Join(", ", names) : "nothing";
}
