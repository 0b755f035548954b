namespace Dayu.Templates;

/// <summary>
/// The one exception a chat template causes, at load or while rendering: bad syntax, an unknown construct, a failing
/// operation, an exceeded limit, or the template's own <c>raise_exception</c>.
/// </summary>
public sealed class TemplateException : Exception
{
    /// <summary>
    /// The line of the template where it happened, from 1; 0 when it belongs to no line (bad messages, for one).
    /// </summary>
    public int Line { get; }

    /// <summary>The column in that line, from 1; 0 when <see cref="Line"/> is.</summary>
    public int Column { get; }

    /// <summary>
    /// Whether the template itself refused with <c>raise_exception</c>; <see cref="Exception.Message"/> is then its own
    /// words, nothing added.
    /// </summary>
    public bool RaisedByTemplate { get; }

    /// <summary>An error that belongs to no place in a template.</summary>
    /// <param name="message">What was found, where, what was expected, what to do.</param>
    public TemplateException(string message) : this(message, default)
    {
    }

    internal TemplateException(string message, Mark at, bool raisedByTemplate = false) : base(message) =>
        (Line, Column, RaisedByTemplate) = (at.Line, at.Column, raisedByTemplate);

    /// <summary>The same error with its place in the template, which only the node being evaluated knows.</summary>
    internal TemplateException PlacedAt(string template, Mark at) =>
        new(RaisedByTemplate ? Message : $"{template}, {at}: {Message}", at, RaisedByTemplate);
}

/// <summary>A place in a template's source; lines and columns count from 1.</summary>
readonly record struct Mark(int Line, int Column)
{
    public override string ToString() => $"line {Line}, column {Column}";
}
