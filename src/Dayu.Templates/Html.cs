namespace Dayu.Templates;

/// <summary>The five characters that <c>|escape</c> writes as entities.</summary>
static class Html
{
    public static string Escape(Run run, string text)
    {
        var to = new TextBuilder(run);
        foreach (char c in text)
        {
            if (c is '&' or '<' or '>' or '\'' or '"')
                to.Append(c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&#34;", _ => "&#39;" });
            else
                to.Append(c);
        }
        return to.ToString();
    }
}
