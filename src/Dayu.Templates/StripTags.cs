using System.Net;
using System.Text.RegularExpressions;

namespace Dayu.Templates;

/// <summary><c>striptags</c>: the text of a piece of HTML.</summary>
static partial class StripTags
{
    /// <summary>Without comments and tags, white space as single spaces, entities as what they stand for.</summary>
    public static AuthoredText Of(Run run, AuthoredText html)
    {
        while (Between(run, html, "<!--", "-->") is { } shorter)
            html = shorter;
        var to = new TextBuilder(run);
        int done = 0;
        for (int start, end; (start = html.Text.IndexOf('<', done)) >= 0 && (end = html.Text.IndexOf('>', start)) >= 0; done = end + 1)
            to.Append(html, done, start - done);
        return Unescaped(run, Spaced(run, to.Append(html, done, html.Length - done).ToText()));
    }

    static AuthoredText? Between(Run run, AuthoredText text, string open, string close)
    {
        run.Step(1 + (text.Length >> 5));
        int start = text.Text.IndexOf(open, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.Text.IndexOf(close, start, StringComparison.Ordinal);
        if (end < 0)
            return null;
        int next = end + close.Length;
        return new TextBuilder(run).Append(text, 0, start).Append(text, next, text.Length - next).ToText();
    }

    /// <summary>A space between words is the author's who wrote the white space there.</summary>
    static AuthoredText Spaced(Run run, AuthoredText text)
    {
        var to = new TextBuilder(run);
        for (int i = 0; i < text.Length; i++)
            if (!Runes.IsSpace(text[i]))
            {
                if (!to.IsEmpty && Runes.IsSpace(text[i - 1]))
                    to.Append(' ', text.AuthorAt(i - 1));
                to.Append(text, i, 1);
            }
        return to.ToText();
    }

    /// <summary>A character is the template's only where it wrote all of its entity.</summary>
    static AuthoredText Unescaped(Run run, AuthoredText text)
    {
        var to = new TextBuilder(run);
        int done = 0;
        foreach (Match entity in Entity().Matches(text.Text))
        {
            int last = entity.Index + entity.Length - 1;
            var author = text.RunAt(entity.Index) == text.RunAt(last) ? text.AuthorAt(last) : Author.User;
            to.Append(text, done, entity.Index - done).Append(WebUtility.HtmlDecode(entity.Value), author);
            done = last + 1;
        }
        return to.Append(text, done, text.Length - done).ToText();
    }

    [GeneratedRegex("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")]
    private static partial Regex Entity();
}
