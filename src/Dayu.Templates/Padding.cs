namespace Dayu.Templates;

/// <summary>Texts filled up to a width.</summary>
static class Padding
{
    static readonly AuthoredText zero = AuthoredText.ByTemplate("0");

    public static AuthoredText Space { get; } = AuthoredText.ByTemplate(" ");

    /// <summary>
    /// Fills up to a width: text left '&lt;', right '&gt;' or in the middle, where <c>format</c> ('^') and
    /// <c>center</c> ('c') put an odd space differently.
    /// </summary>
    public static AuthoredText Pad(Run run, AuthoredText text, int width, AuthoredText fill, char align)
    {
        if (Runes.Length(fill.Text) != 1)
            throw new TemplateException("the fill character must be exactly one character long");
        int missing = Math.Max(0, width - Runes.Length(text.Text));
        int left = align switch { '<' => 0, '>' => missing, '^' => missing / 2, _ => missing / 2 + (missing & width & 1) };
        return new TextBuilder(run).Repeat(fill, left).Append(text).Repeat(fill, missing - left).ToText();
    }

    /// <summary>Python's <c>zfill</c>: zeros between sign and digits.</summary>
    public static AuthoredText ZeroFill(Run run, AuthoredText text, int width)
    {
        int sign = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var digits = Pad(run, text[sign..], Math.Max(0, width - sign), zero, '>');
        return sign == 0 ? digits : new TextBuilder(run).Append(text[..sign]).Append(digits).ToText();
    }

    public static AuthoredText ExpandTabs(Run run, AuthoredText text, int size)
    {
        var to = new TextBuilder(run);
        int column = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            int spaces = c == '\t' && size > 0 ? size - column % size : 0;
            if (c == '\t')
                to.Append(' ', text.AuthorAt(i), spaces);
            else
                to.Append(text, i, 1);
            column = c is '\n' or '\r' ? 0 : column + (c == '\t' ? spaces : 1);
        }
        return to.ToText();
    }

    /// <summary>The filter <c>indent</c>: the same indentation before each line but the first.</summary>
    public static AuthoredText Indent(Run run, AuthoredText text, AuthoredText indent, bool first, bool blank)
    {
        if (text.Text.EndsWith('\r'))
            text = text[..^1];                                              // Jinja puts \n behind the text, and \r\n ends one line
        var to = new TextBuilder(run);
        if (first)
            to.Append(indent);
        int start = 0;
        foreach (var (end, next) in TextSplitting.LineEnds(text.Text))
        {
            if (start > 0 && (end > start || blank))
                to.Append(indent);
            to.Append(text, start, end - start).Append('\n', text.AuthorAt(end));
            start = next;
        }
        if (start > 0 && (text.Length > start || blank))
            to.Append(indent);
        return to.Append(text, start, text.Length - start).ToText();
    }
}
