using System.Text;

namespace Dayu.Templates;

/// <summary>Builds a text and asks the budget before it grows.</summary>
/// <param name="run">Has the budget.</param>
/// <param name="author">Who writes what is appended without an author.</param>
/// <param name="limit">Characters that the text may have.</param>
sealed class TextBuilder(Run run, Author author = Author.Template, long limit = long.MaxValue)
{
    readonly StringBuilder text = new();
    List<int>? borders;
    Author first, last;

    public Run Run => run;
    public bool IsEmpty => text.Length == 0;

    public TextBuilder Append(ReadOnlySpan<char> part) => Append(part, author);

    public TextBuilder Append(ReadOnlySpan<char> part, Author by)
    {
        Grow(part.Length);
        Write(part, by);
        return this;
    }

    public TextBuilder Append(char c) => Append(c, author);

    public TextBuilder Append(char c, Author by, int count = 1)
    {
        if (count <= 0)
            return this;
        Grow(count);
        Begin(by);
        text.Append(c, count);
        return this;
    }

    public TextBuilder Append(AuthoredText part) => Append(part, 0, part.Length);

    /// <summary>Appends <paramref name="length"/> characters of a text from <paramref name="start"/> on.</summary>
    public TextBuilder Append(AuthoredText part, int start, int length)
    {
        Grow(length);
        Write(part, start, start + length);
        return this;
    }

    /// <summary>Appends a text as often as <paramref name="count"/> says.</summary>
    public TextBuilder Repeat(AuthoredText part, int count)
    {
        if (part.Length == 0)
            return this;
        Grow((long)part.Length * Math.Max(0, count));
        for (; count > 0; count--)
            Write(part, 0, part.Length);
        return this;
    }

    public AuthoredText ToText() => text.Length == 0 ? AuthoredText.Empty : new(text.ToString(), first, borders?.ToArray() ?? []);

    void Grow(long count)
    {
        run.Charge(count);
        if (text.Length + count > limit)
            throw new TemplateException($"the rendered text is longer than {limit} characters (RenderLimits.Output)");
    }

    void Write(AuthoredText part, int start, int end)
    {
        for (int of = part.RunAt(start); start < end; of++)
        {
            int stop = Math.Min(end, part.EndOf(of));
            Write(part.Text.AsSpan(start, stop - start), part.AuthorOf(of));
            start = stop;
        }
    }

    void Write(ReadOnlySpan<char> part, Author by)
    {
        if (part.IsEmpty)
            return;
        Begin(by);
        text.Append(part);
    }

    /// <summary>
    /// Notes who writes what comes next. A border takes the memory of two characters, and is charged for them.
    /// </summary>
    void Begin(Author by)
    {
        if (text.Length == 0)
            first = by;
        else if (last != by)
        {
            run.Charge(2);
            (borders ??= []).Add(text.Length);
        }
        last = by;
    }
}
