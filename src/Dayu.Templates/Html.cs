namespace Dayu.Templates;

/// <summary>
/// Text that is safe in HTML: marked so, or with the five characters that <c>|escape</c> writes as entities.
/// </summary>
static class Html
{
    public static bool IsSafe(Value value) => value is TextValue { Safe: true };

    /// <summary>The text of a value, escaped unless it is marked safe.</summary>
    public static AuthoredText Safe(Run run, Value value) => IsSafe(value) ? run.Text(value) : Escape(run, run.Text(value));

    /// <summary>
    /// Values one after another. Where <c>autoescape</c> is on and one of them is <paramref name="safe"/>, so is the
    /// whole.
    /// </summary>
    public static TextValue Joined(Run run, IEnumerable<Value> values, AuthoredText separator, bool safe)
    {
        safe &= run.Escapes;
        var to = new TextBuilder(run);
        bool first = true;
        foreach (var value in values)
        {
            to.Repeat(separator, first ? 0 : 1).Append(safe ? Safe(run, value) : run.Text(value));
            first = false;
        }
        return new(to.ToText(), safe);
    }

    public static AuthoredText Escape(Run run, AuthoredText text)
    {
        var to = new TextBuilder(run);
        int done = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (Entity(text[i]) is not { } entity)
                continue;
            to.Append(text, done, i - done).Append(entity, text.AuthorAt(i));
            done = i + 1;
        }
        return to.Append(text, done, text.Length - done).ToText();
    }

    static string? Entity(char c) =>
        c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&#34;", '\'' => "&#39;", _ => null };
}
