using System.Text;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>JSON lines: an object a line, one member of which is a document's text.</summary>
public sealed class JsonLinesText(CorpusOptions options) : CorpusReader
{
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
        fault = null;
        var bytes = Encoding.UTF8.GetBytes(line);
        var text = JsonLines.Text(bytes, options.Field) ?? Slow(bytes, out fault);
        if (text is not null && string.IsNullOrWhiteSpace(text)) fault = "it is empty";
        return fault is null ? text : null;
    }

    /// <summary>The same by the reader that says what is wrong.</summary>
    string? Slow(byte[] line, out string? fault)
    {
        try
        {
            var json = new JsonText("", line).ParseObject();
            var text = json[options.Field] is JsonValue value && value.TryGetValue<string>(out var said) ? said : null;
            fault = text is null ? $"it has no text '{options.Field}', but {Names(json)}" : null;
            return text;
        }
        catch (InvalidDataException e) when (e.InnerException is JsonFault json)
        {
            fault = json.Place is { } at ? $"it is no JSON: at column {at.Column} {json.Reason}" : json.Reason;
            return null;
        }
    }

    static string Names(JsonObject json) => json.Count == 0 ? "nothing" : string.Join(", ", json.Take(8).Select(m => m.Key));
}
