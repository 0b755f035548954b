namespace Dayu.Templates;

/// <summary>
/// What one rendering may use. A template comes with a model, from a stranger: without bounds a few lines of it could
/// take all memory or never end. The defaults leave room for conversations of millions of characters.
/// </summary>
/// <param name="Steps">
/// Expressions, statements, items and characters looked at (the last weigh little); ten million take a second or two.
/// </param>
/// <param name="Output">Characters of the finished text.</param>
/// <param name="Characters">Characters of all strings built on the way, the finished text included.</param>
/// <param name="Depth">How deep macros may call each other and values may nest.</param>
public sealed record RenderLimits(long Steps = 10_000_000, int Output = 16 << 20, long Characters = 256 << 20, int Depth = 200);
