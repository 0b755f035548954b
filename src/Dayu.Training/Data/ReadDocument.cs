using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A document as it was read: a text, or the line of a conversation.</summary>
/// <param name="Place">Where.</param>
/// <param name="Text">The text; of a conversation, what is said in it.</param>
/// <param name="Line">The conversation; null: it is a text.</param>
public sealed record ReadDocument(string Place, string Text, JsonObject? Line = null);
