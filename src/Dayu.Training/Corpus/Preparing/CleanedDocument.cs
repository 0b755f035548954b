using System.Text.Json;

namespace Dayu.Training;

/// <summary>A document of a corpus.</summary>
/// <param name="Text">The text.</param>
/// <param name="Place">Where it was read: <c>news.csv:12</c>.</param>
/// <param name="Language">Its language.</param>
/// <param name="IsHeld">Whether it is held out.</param>
public sealed record CleanedDocument(string Text, string Place, string Language, bool IsHeld)
{
    /// <summary>A line as <see cref="CleanedWriter"/> writes it; null: it is none.</summary>
    internal static CleanedDocument? Of(TextLine line, bool isHeld)
    {
        if (line.Fault is not null) return null;
        try
        {
            using var json = JsonDocument.Parse(line.Text);
            var root = json.RootElement;
            return new(root.GetProperty("text").GetString()!, root.GetProperty("place").GetString()!,
                root.GetProperty("language").GetString()!, isHeld);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException) { return null; }
    }
}
