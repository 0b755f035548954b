namespace Dayu.Templates;

/// <summary><c>urlencode</c>: a text for a path, or the pairs of a dict or list for a query.</summary>
static class UrlEncoding
{
    const int Longest = 9;                                                  // what one UTF-16 unit can become: %E4%BD%A0

    public static AuthoredText Encode(Run run, Value value)
    {
        if (value is TextValue || value.Items is null)
            return Quote(run, run.Text(value), query: false);
        var to = new TextBuilder(run);
        string separator = "";
        foreach (var pair in run.Iterate(value is DictValue dict ? dict.Pairs(SequenceKind.List) : value, "urlencode"))
        {
            Value[] parts = [.. run.Iterate(pair, "urlencode").Take(3)];
            if (parts.Length != 2)
                throw new TemplateException("urlencode expects a string, a dict, or a list of pairs");
            to.Append(separator).Append(Quote(run, run.Text(parts[0]), query: true));
            to.Append("=").Append(Quote(run, run.Text(parts[1]), query: true));
            separator = "&";
        }
        return to.ToText();
    }

    static AuthoredText Quote(Run run, AuthoredText text, bool query)
    {
        run.Charge((long)Longest * text.Length);
        return text.Map(run, part => Uri.EscapeDataString(part) is var quoted && query
            ? quoted.Replace("%20", "+", StringComparison.Ordinal)
            : quoted.Replace("%2F", "/", StringComparison.Ordinal));
    }
}
