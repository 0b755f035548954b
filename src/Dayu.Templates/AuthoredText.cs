namespace Dayu.Templates;

/// <summary>
/// A text that knows of each of its characters who wrote it. Slicing and joining keep that; so a control token's name
/// that a user typed cannot pass for the template's, whatever the template does to it. Never changed once made.
/// </summary>
sealed class AuthoredText
{
    readonly Author first;
    readonly int[] borders;                 // where the author changes, ascending; there are two, so that this says all

    public AuthoredText(string text, Author first, params int[] borders) =>
        (Text, this.first, this.borders) = (text, first, borders);

    public static AuthoredText Empty { get; } = new("", Author.Template);

    /// <summary>What the template, or the engine on its behalf, writes.</summary>
    public static AuthoredText ByTemplate(string text) => new(text, Author.Template);

    public string Text { get; }
    public int Length => Text.Length;

    /// <summary>The memory it takes, in characters.</summary>
    public long Size => Text.Length + 2L * borders.Length;

    public char this[int i] => Text[i];

    public Author AuthorAt(int i) => AuthorOf(RunAt(i));

    /// <summary>The number of the run that the character at <paramref name="i"/> belongs to.</summary>
    public int RunAt(int i) => Array.BinarySearch(borders, i) is var found && found >= 0 ? found + 1 : ~found;

    public int EndOf(int run) => run < borders.Length ? borders[run] : Text.Length;

    public Author AuthorOf(int run) => run % 2 == 0 ? first : first == Author.Template ? Author.User : Author.Template;

    /// <summary>The runs, each by another author than the one before it; none is empty.</summary>
    public IEnumerable<(int Start, int End, Author Author)> Runs()
    {
        for (int run = 0, start = 0; start < Text.Length; start = EndOf(run++))
            yield return (start, EndOf(run), AuthorOf(run));
    }

    /// <summary>A part of the text; also what <c>text[a..b]</c> means.</summary>
    public AuthoredText Slice(int start, int length)
    {
        if (length == Text.Length)
            return this;
        if (length == 0)
            return Empty;
        string part = Text.Substring(start, length);
        if (borders.Length == 0)
            return new(part, first);
        int run = RunAt(start), last = RunAt(start + length - 1);
        int[] inside = last == run ? [] : borders[run..last];
        for (int i = 0; i < inside.Length; i++)
            inside[i] -= start;
        return new(part, AuthorOf(run), inside);
    }

    /// <summary>
    /// Another text of the same length, each character by the author of the one whose place it takes.
    /// </summary>
    public AuthoredText Respelled(string text) => text.Length == Text.Length
        ? new(text, first, borders)
        : throw new ArgumentException($"{text.Length} characters for {Text.Length}", nameof(text));

    /// <summary>What a change of spelling that looks at one character at a time makes of each run.</summary>
    public AuthoredText Map(Run run, Func<string, string> change)
    {
        run.Charge(Size);
        if (borders.Length == 0)
            return new(change(Text), first);
        var to = new TextBuilder(run);
        foreach (var (start, end, author) in Runs())
            to.Append(change(Text[start..end]), author);
        return to.ToText();
    }
}
