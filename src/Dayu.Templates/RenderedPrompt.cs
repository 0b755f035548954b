namespace Dayu.Templates;

/// <summary>A piece of a rendered prompt that one author wrote.</summary>
/// <param name="Text">What was written; never empty.</param>
/// <param name="Author">Who wrote it.</param>
public readonly record struct PromptRun(string Text, Author Author);

/// <summary>
/// A rendered conversation: the text, and who wrote each part of it. Only what the template wrote may become control
/// tokens.
/// </summary>
public sealed class RenderedPrompt
{
    internal RenderedPrompt(AuthoredText text)
    {
        Text = text.Text;
        Runs = [.. text.Runs().Select(run => new PromptRun(text.Text[run.Start..run.End], run.Author))];
    }

    /// <summary>Its runs, one after another.</summary>
    public string Text { get; }

    /// <summary>The text in runs, each by another author than the one before it.</summary>
    public IReadOnlyList<PromptRun> Runs { get; }

    /// <summary>Its runs, one after another.</summary>
    public override string ToString() => Text;
}
