namespace Dayu.Templates;

/// <summary>The five characters that <c>|escape</c> writes as entities.</summary>
static class Html
{
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
